// Certificates at hand for HTTPS: certstat, certstore, certfree.
#include "src/base/format.h"
#include "src/console/console.h"
#include "src/image/image.h"
#include "src/network.h"
#include "src/script/acquire.h"
#include "src/script/families.h"

namespace hawser {
namespace {

struct SubjectOptions {
  std::string subject;
};
constexpr Option kSubjectOptions[] = {
    option<&SubjectOptions::subject>('s', "subject", "name", "only those with this common name"),
};

Error no_such(std::string_view subject) {
  return {Errc::NotFound, cat('"', printable(subject), "\" : no such certificate")};
}

std::string describe(const KnownCertificate& certificate) {
  return cat(printable(certificate.name), " : ", hex_bytes(certificate.sha1, ""),
             certificate.permanent ? " [PERMANENT]" : "", certificate.by_user ? " [EXPLICIT]" : "",
             certificate.is_root ? " [VALIDATED]" : "", '\n');
}

Status show(Context& context, const SubjectOptions& options, Args) {
  bool found = options.subject.empty();
  for (const KnownCertificate& certificate : TRY(context.network.certificates())) {
    if (!options.subject.empty() && certificate.name != options.subject) continue;
    context.console.print(describe(certificate));
    found = true;
  }
  return found ? ok_status() : no_such(options.subject);
}

Status forget(Context& context, const SubjectOptions& options, Args) {
  size_t count = TRY(context.network.forget_certificates(options.subject));
  return count > 0 || options.subject.empty() ? ok_status() : no_such(options.subject);
}

struct StoreOptions {
  std::string subject;
  Millis timeout{0};
  bool quiet = false, keep = false;
};
constexpr Option kStoreOptions[] = {
    option<&StoreOptions::subject>('s', "subject", "name", "only those with this common name"),
    option<&StoreOptions::keep>('k', "keep", "", "keep the file as an image"),
    option<&StoreOptions::timeout>('t', "timeout", "ms", "give up after this long without progress"),
    option<&StoreOptions::quiet>('q', "quiet", "", "show no progress"),
};

/// Without an operand: the image fetched last.
Status store(Context& context, const StoreOptions& options, Args words) {
  const auto& all = context.images.all();
  Image* image = all.empty() ? nullptr : all.back().get();
  if (!words.empty())
    image = TRY(acquire(context, words, {.timeout = options.timeout, .quiet = options.quiet},
                        Lookup::ImageOrUri));
  if (!image) return Error{Errc::NotFound, "there is no image; name a file or URI"};
  Status stored = context.network.store_certificates(image->data, options.subject);
  std::string name = image->name;
  if (!options.keep) context.images.remove(*image);
  if (!stored.ok()) return std::move(stored).error().in(printable(name));
  return ok_status();
}

constexpr Command kCommands[] = {
    command<show>("certstat", "", "list the certificates at hand for HTTPS", 0, 0, kSubjectOptions),
    command<store>("certstore", "[<uri|image>]",
                   "trust self-signed certificates, and use others to complete chains", 0, 1,
                   kStoreOptions),
    command<forget>("certfree", "", "forget stored certificates", 0, 0, kSubjectOptions),
};

}  // namespace

CommandTable certificate_commands() { return kCommands; }

}  // namespace hawser
