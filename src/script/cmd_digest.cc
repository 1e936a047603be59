// Commands that print or store digests of images.
#include "src/base/format.h"
#include "src/console/console.h"
#include "src/crypto/digest.h"
#include "src/image/image.h"
#include "src/loop.h"
#include "src/script/acquire.h"
#include "src/script/families.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

struct DigestOptions {
  std::string set;
};
constexpr Option kDigestOptions[] = {
    option<&DigestOptions::set>('s', "set", "setting", "store the digest instead of printing it"),
};

/// In pieces, so that Ctrl-C is heard within a second on any machine.
Result<std::vector<uint8_t>> digest_of_image(Context& context, DigestKind kind, Bytes data) {
  constexpr size_t kPieceBytes = 1u << 20;
  Digest digest(kind);
  while (!data.empty()) {
    size_t bytes = std::min(data.size(), kPieceBytes);
    digest.update(data.first(bytes));
    data = data.subspan(bytes);
    if (context.loop.cancel_requested()) return Error{Errc::Cancelled, "cancelled with Ctrl-C"};
  }
  return digest.finish();
}

Status print_digests(Context& context, DigestKind kind, const std::string& setting, Args words) {
  for (size_t word = 0; word < words.size(); ++word) {
    Image* image = TRY(acquire(context, words.subspan(word, 1), {}, Lookup::ImageOrUri));
    auto digest = TRY(digest_of_image(context, kind, image->data));
    if (setting.empty())
      context.console.print(cat(hex_bytes(digest, ""), "  ", printable(image->name), '\n'));
    else TRY(context.settings.store(setting, std::move(digest), SettingType::HexRaw));
  }
  return ok_status();
}

template <DigestKind kKind>
Status sum(Context& context, const DigestOptions& options, Args words) {
  return print_digests(context, kKind, options.set, words);
}

template <DigestKind kKind>
consteval Command digest_command(std::string_view name, std::string_view summary) {
  return command<sum<kKind>>(name, "<uri|image>...", summary, 1, kAnyCount, kDigestOptions);
}

constexpr Command kCommands[] = {
    digest_command<DigestKind::Md5>("md5sum", "print the MD5 digest of files"),
    digest_command<DigestKind::Sha1>("sha1sum", "print the SHA-1 digest of files"),
    digest_command<DigestKind::Sha224>("sha224sum", "print the SHA-224 digest of files"),
    digest_command<DigestKind::Sha256>("sha256sum", "print the SHA-256 digest of files"),
    digest_command<DigestKind::Sha384>("sha384sum", "print the SHA-384 digest of files"),
    digest_command<DigestKind::Sha512>("sha512sum", "print the SHA-512 digest of files"),
};

}  // namespace

CommandTable digest_commands() { return kCommands; }

}  // namespace hawser
