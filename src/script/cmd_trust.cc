// Signed images: imgverify, imgtrust.
#include "src/base/format.h"
#include "src/image/image.h"
#include "src/network.h"
#include "src/script/acquire.h"
#include "src/script/families.h"

namespace hawser {
namespace {

struct VerifyOptions {
  std::string signer;
  Millis timeout{0};
  bool quiet = false, keep = false;
};
constexpr Option kVerifyOptions[] = {
    option<&VerifyOptions::signer>('s', "signer", "name",
                                   "accept only a signer whose certificate has this common name"),
    option<&VerifyOptions::keep>('k', "keep", "", "keep the signature as an image"),
    option<&VerifyOptions::timeout>('t', "timeout", "ms",
                                    "give up after this long without progress"),
    option<&VerifyOptions::quiet>('q', "quiet", "", "show no progress"),
};

/// What was only downloaded for this, and refused, is forgotten: it would go to the next kernel.
Status verify(Context& context, const VerifyOptions& options, Args words) {
  ImageOptions how{.timeout = options.timeout, .quiet = options.quiet};
  bool was_there = context.images.find(words[0]) != nullptr;
  bool signature_was_there = context.images.find(words[1]) != nullptr;
  Image* image = TRY(acquire(context, words.first(1), how, Lookup::ImageOrUri));
  auto signature = acquire(context, words.subspan(1), how, Lookup::ImageOrUri);
  Status genuine = signature.ok() ? context.network.check_signature(image->data, (*signature)->data,
                                                                    options.signer)
                                  : Status{signature.error()};
  std::string name = image->name;
  if (genuine.ok()) image->trusted = true;
  bool drop_signature = genuine.ok() ? !options.keep : !signature_was_there;
  if (signature.ok() && *signature != image && drop_signature) context.images.remove(**signature);
  if (!genuine.ok() && !was_there) context.images.remove(*image);
  if (genuine.ok()) return ok_status();
  return std::move(genuine).error().in(cat("Could not verify ", printable(name)));
}

struct TrustOptions {
  bool allow = false, permanent = false;
};
constexpr Option kTrustOptions[] = {
    option<&TrustOptions::allow>('a', "allow", "", "let any image run again"),
    option<&TrustOptions::permanent>('p', "permanent", "", "refuse to change this from now on"),
};

Status require_trust(Context& context, const TrustOptions& options, Args) {
  return context.images.trust_rule().set(!options.allow, options.permanent);
}

constexpr Command kCommands[] = {
    command<verify>("imgverify", "<uri|image> <signature uri|image>",
                    "check the signature of an image, which makes it TRUSTED", 2, 2, kVerifyOptions),
    command<require_trust>("imgtrust", "", "let only TRUSTED images run", 0, 0, kTrustOptions),
};

}  // namespace

CommandTable trust_commands() { return kCommands; }

}  // namespace hawser
