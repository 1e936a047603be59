// Getting the image a command names: one that is registered already, or a download.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/base/time.h"
#include "src/image/image.h"
#include "src/script/command.h"
#include "src/uri/uri.h"

namespace hawser {

/// Options that every command with a URI operand has.
struct ImageOptions {
  std::string name = {};  ///< empty: derived from the URI
  Millis timeout{0};      ///< gives up after this long without progress; 0: never
  bool quiet = false;     ///< shows no progress
  bool autofree = false;  ///< frees the image once it has run
  bool replace = false;   ///< runs it in place of this script; only where images are run
  int64_t retry = 0;      ///< how many more times all sources are tried when none had it
  std::optional<std::string> sha256 = {};  ///< the file must have this digest, 64 hex digits
  std::vector<std::string> mirrors = {};   ///< URIs to try when the operand's has failed, in order
};

/// Downloads `uri` (absolute) and registers it: one try. `label` names it in the progress line.
/// Errors: what the download says, NoSpace before it starts, Cancelled.
Result<Image*> download(Context& context, const Uri& uri, std::string_view label,
                        const ImageOptions& options);

enum class Lookup : uint8_t { UriOnly, ImageOrUri };
/// The image that operand words name: `words[0]` is a registered image's name (with ImageOrUri) or
/// a URI to download, and the rest are its arguments, set only when there are any.
Result<Image*> acquire(Context& context, Args words, const ImageOptions& options, Lookup lookup);

/// Drops `image` unless it has the digest that `--sha256` asked for. Errors: Access (it has
/// another; the text shows both), Invalid (not a digest; the image stays).
Status check_digest(Context& context, Image& image, const ImageOptions& options);

/// "vmlinuz : 8388608 bytes [bzImage] [SELECTED] "console=ttyS0"", as `imgstat` shows it.
std::string describe(const Image& image);

}  // namespace hawser
