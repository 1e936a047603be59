// Commands that look into images.
#include "src/base/format.h"
#include "src/image/image.h"
#include "src/script/acquire.h"
#include "src/script/families.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

struct SetOptions {
  Millis timeout{0};
  bool quiet = false, keep = false;
};
constexpr Option kSetOptions[] = {
    option<&SetOptions::keep>('k', "keep", "", "keep the image as well"),
    option<&SetOptions::timeout>('t', "timeout", "ms", "give up after this long without progress"),
    option<&SetOptions::quiet>('q', "quiet", "", "show no progress"),
};

Status set_from_image(Context& context, const SetOptions& options, Args words) {
  Image* image =
      TRY(acquire(context, words.subspan(1), {.timeout = options.timeout, .quiet = options.quiet},
                  Lookup::ImageOrUri));
  Status stored = image->data.empty()
                      ? context.settings.clear(words[0])
                      : context.settings.store(words[0], {image->data.begin(), image->data.end()},
                                               SettingType::String);
  if (!options.keep) context.images.remove(*image);
  return stored;
}

struct ShimOptions {
  Millis timeout{0};
  bool quiet = false, loader = false, pxe = false, sbat = false;
};
constexpr Option kShimOptions[] = {
    option<&ShimOptions::timeout>('t', "timeout", "ms", "of the download"),
    option<&ShimOptions::quiet>('q', "quiet", "", "show no progress"),
    option<&ShimOptions::loader>('l', "require-loader", "", "only with UEFI"),
    option<&ShimOptions::pxe>('p', "allow-pxe", "", "only with UEFI"),
    option<&ShimOptions::sbat>('s', "allow-sbat", "", "only with UEFI"),
};

/// BIOS firmware has no Secure Boot, so there is nothing that a shim could do.
Status shim(Context&, const ShimOptions&, Args) { return ok_status(); }

constexpr Command kCommands[] = {
    command<set_from_image>("imgset", "<setting> <uri|image>", "put a file into a setting", 2, 2,
                            kSetOptions),
    command<shim>("shim", "[<uri|image>]", "accepted; of no effect without UEFI", 0, 1,
                  kShimOptions),
};

}  // namespace

CommandTable archive_commands() { return kCommands; }

}  // namespace hawser
