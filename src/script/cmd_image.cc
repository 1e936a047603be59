// Commands that download, list and boot images.
#include "src/base/format.h"
#include "src/console/console.h"
#include "src/image/image.h"
#include "src/pxelinux/boot.h"
#include "src/script/acquire.h"
#include "src/script/execute.h"
#include "src/script/families.h"
#include "src/script/interpreter.h"

namespace hawser {
namespace {

constexpr Option kChainOptions[] = {
    option<&ImageOptions::name>('n', "name", "name", "register the image under this name"),
    option<&ImageOptions::timeout>('t', "timeout", "ms",
                                   "give up after this long without progress"),
    option<&ImageOptions::quiet>('q', "quiet", "", "show no progress"),
    option<&ImageOptions::autofree>('a', "autofree", "", "free the image once it has run"),
    option<&ImageOptions::sha256>(0, "sha256", "hex", "refuse any file but the one of this digest"),
    option<&ImageOptions::mirrors>(0, "mirror", "uri", "where else to get it; may be repeated"),
    option<&ImageOptions::retry>(0, "retry", "count", "try so many more times before giving up"),
    option<&ImageOptions::replace>('r', "replace", "", "end this script and run the image instead"),
};
/// Without --replace, which comes last.
constexpr std::span<const Option> kDownloadOptions =
    std::span(kChainOptions).first<std::size(kChainOptions) - 1>();

Status fetch(Context& context, const ImageOptions& options, Args words) {
  TRY(acquire(context, words, options, Lookup::UriOnly));
  return ok_status();
}

/// As acquire(), for images that are to boot. A download that turns out to be something else is
/// forgotten, or it would go to the next kernel as an initrd.
Result<Image*> acquire_bootable(Context& context, Args words, const ImageOptions& options) {
  bool was_there = context.images.find(words[0]) != nullptr;
  Image* image = TRY(acquire(context, words, options, Lookup::ImageOrUri));
  Status bootable = check_bootable(context, *image);
  if (bootable.ok()) return image;
  if (!was_there) context.images.remove(*image);
  return std::move(bootable).error();
}

Status select(Context& context, const ImageOptions& options, Args words) {
  context.images.select(*TRY(acquire_bootable(context, words, options)));
  return ok_status();
}

constexpr std::string_view kPxelinux = "pxelinux:";

/// `chain pxelinux:PLACE`. When the configuration says to go on with the next boot device, this
/// script is over.
Status chain_pxelinux(Context& context, std::string_view place) {
  TRY(pxelinux::boot(context, TRY(pxelinux::start_at(context.settings, place))));
  context.interpreter.exit(0);
  return ok_status();
}

Status chain(Context& context, const ImageOptions& options, Args words) {
  if (!words.empty() && words[0].starts_with(kPxelinux))
    return chain_pxelinux(context, std::string_view(words[0]).substr(kPxelinux.size()));
  Image* image;
  if (words.empty()) {
    image = context.images.selected();
    if (!image)
      return Error{Errc::NotFound, "no image selected; name one, or use \"kernel\" before"};
    TRY(check_digest(context, *image, options));
    if (options.autofree) image->autofree = true;
  } else {
    image = TRY(acquire_bootable(context, words, options));
  }
  if (!options.replace) return execute(context, *image);
  TRY(check_trusted(context, *image));
  return context.interpreter.replace_with(*image);
}

Status set_arguments(Context& context, const ImageOptions& options, Args words) {
  Image* image = TRY(acquire(context, words, options, Lookup::ImageOrUri));
  if (words.size() == 1) image->cmdline.reset();
  return ok_status();
}

Result<Image*> find_image(Context& context, std::string_view name) {
  if (Image* image = context.images.find(name)) return image;
  return Error{Errc::NotFound, cat("\"", name, "\": no such image")};
}

Status stat(Context& context, Args names) {
  if (names.empty())
    for (const auto& image : context.images.all()) context.console.print(describe(*image) + "\n");
  for (const std::string& name : names)
    context.console.print(describe(*TRY(find_image(context, name))) + "\n");
  return ok_status();
}

Status free_images(Context& context, Args names) {
  if (names.empty())
    while (!context.images.all().empty()) context.images.remove(*context.images.all().back());
  for (const std::string& name : names) context.images.remove(*TRY(find_image(context, name)));
  return ok_status();
}

constexpr std::string_view kUriOperands = "<uri> [<argument>...]";
constexpr std::string_view kImageOperands = "<uri|image> [<argument>...]";
constexpr std::string_view kFetchSummary = "download a file; it becomes an initrd or module";
constexpr std::string_view kSelectSummary = "choose the kernel that \"boot\" starts";
constexpr std::string_view kChainSummary = "run a script or kernel now, or the selected one";

constexpr Command kCommands[] = {
    command<select>("kernel", kImageOperands, kSelectSummary, 1, kAnyCount, kDownloadOptions),
    command<select>("imgselect", kImageOperands, kSelectSummary, 1, kAnyCount, kDownloadOptions),
    command<select>("imgload", kImageOperands, kSelectSummary, 1, kAnyCount, kDownloadOptions),
    command<fetch>("initrd", kUriOperands, kFetchSummary, 1, kAnyCount, kDownloadOptions),
    command<fetch>("module", kUriOperands, kFetchSummary, 1, kAnyCount, kDownloadOptions),
    command<fetch>("imgfetch", kUriOperands, kFetchSummary, 1, kAnyCount, kDownloadOptions),
    command<chain>("boot", "[<uri|image> [<argument>...]]", kChainSummary, 0, kAnyCount,
                   kChainOptions),
    command<chain>("chain", "[<uri|image> [<argument>...]]", kChainSummary, 0, kAnyCount,
                   kChainOptions),
    command<chain>("imgexec", "[<uri|image> [<argument>...]]", kChainSummary, 0, kAnyCount,
                   kChainOptions),
    command<set_arguments>("imgargs", kImageOperands, "set the arguments of an image", 1, kAnyCount,
                           kDownloadOptions),
    command<stat>("imgstat", "[<image>...]", "list images", 0, kAnyCount),
    command<free_images>("imgfree", "[<image>...]", "forget images, all or those named", 0,
                         kAnyCount),
};

}  // namespace

CommandTable image_commands() { return kCommands; }

}  // namespace hawser
