#include "src/script/acquire.h"

#include <algorithm>
#include <span>
#include <utility>

#include "src/base/format.h"
#include "src/base/text.h"
#include "src/console/console.h"
#include "src/console/progress.h"
#include "src/crypto/digest.h"
#include "src/loop.h"
#include "src/network.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

constexpr size_t kMaxArguments = 4096;  ///< shown; more than any kernel takes
constexpr size_t kMaxShown = 500;       ///< of an error
constexpr size_t kSha256Digits = 64;

/// "img0" upwards, for images whose URI names nothing ("http://host/").
std::string spare_name(ImageList& images) {
  for (uint32_t i = 0;; ++i)
    if (std::string name = cat("img", i); !images.find(name)) return name;
}

}  // namespace

Result<Image*> download(Context& context, const Uri& uri, std::string_view label,
                        const ImageOptions& options) {
  ImageList::Download sink(context.images);
  FetchOptions how{.idle_timeout = options.timeout};
  if (auto request = context.params.request(uri.params)) how.http = std::move(*request);
  auto fetch = TRY(context.network.fetcher().start(uri, sink, how));
  if (Status status = see_through(context.console, *fetch, label, options.quiet); !status.ok())
    return std::move(status).error().in(display(uri));
  std::string name = options.name.empty() ? image_name(uri) : options.name;
  if (name.empty()) name = spare_name(context.images);
  Image& image = sink.finish(std::move(name), uri);
  image.autofree = options.autofree;
  return &image;
}

namespace {

/// The `wait` before round `number` (from 1): 1 s, 2 s, 4 s ... 16 s. Errors: Cancelled.
Status pause(Context& context, int64_t number, int64_t of) {
  int64_t seconds = int64_t{1} << std::min<int64_t>(number - 1, 4);
  context.console.print(cat("Trying again in ", seconds, " s (", number, " of ", of, ")\n"));
  Millis until = context.loop.now() + Millis{seconds * 1000};
  auto outcome = context.loop.run_until([] { return false; }, {.deadline = until});
  if (outcome == Loop::Outcome::Cancelled) return Error{Errc::Cancelled, "cancelled with Ctrl-C"};
  return ok_status();
}

/// Also an empty one is wrong: a setting that is unset must not turn the check off.
Status valid_digest(const ImageOptions& options) {
  if (!options.sha256) return ok_status();
  const std::string& text = *options.sha256;
  bool valid = text.size() == kSha256Digits &&
               std::ranges::all_of(text, [](char c) { return hex_digit(c) >= 0; });
  if (valid) return ok_status();
  return Error{Errc::Invalid, cat("--sha256 \"", printable(text, 80), "\": 64 hex digits")};
}

Result<Image*> download_from(Context& context, std::string_view source,
                             const ImageOptions& options) {
  Uri uri = TRY(uri_argument(context.settings, source));
  auto written = parse_uri(percent_encode(source));
  std::string label = written.ok() ? display(*written) : display(uri);
  Image* image = TRY(download(context, uri, label, options));
  Status genuine = check_digest(context, *image, options);
  if (!genuine.ok()) return std::move(genuine).error().in(label);
  return image;
}

/// Where another source would do no better.
bool is_final(const Error& error) {
  return error.code == Errc::Cancelled || error.code == Errc::NoSpace;
}

/// From the first source that has it. Every failure but the last is printed; that is the result.
Result<Image*> download_from_any(Context& context, std::span<const std::string_view> sources,
                                 const ImageOptions& options) {
  for (int64_t round = 1;; ++round) {
    for (size_t i = 0; i < sources.size(); ++i) {
      auto image = download_from(context, sources[i], options);
      bool last = round > options.retry && i + 1 == sources.size();
      if (image.ok() || last || is_final(image.error())) return image;
      context.console.fresh_line();
      context.console.print(cat(printable(image.error().text, kMaxShown), '\n'));
    }
    TRY(pause(context, round, options.retry));
  }
}

Result<Image*> download_operand(Context& context, std::string_view operand,
                                const ImageOptions& options) {
  if (options.retry < 0)
    return Error{Errc::Invalid, cat("--retry ", options.retry, ": a number of tries, 0 or more")};
  std::vector<std::string_view> sources{operand};
  for (const std::string& mirror : options.mirrors) sources.push_back(mirror);
  ImageOptions named = options;  // the same name wherever it comes from
  if (named.name.empty() && !options.mirrors.empty())
    named.name = image_name(TRY(uri_argument(context.settings, operand)));
  auto image = download_from_any(context, sources, named);
  for (std::string_view source : sources)  // one list of parameters serves one command
    if (auto uri = parse_uri(percent_encode(source)); uri.ok()) context.params.drop(uri->params);
  return image;
}

}  // namespace

Status check_digest(Context& context, Image& image, const ImageOptions& options) {
  TRY(valid_digest(options));
  if (!options.sha256) return ok_status();
  std::string found = hex_bytes(digest_of(DigestKind::Sha256, image.data), "");
  if (equal_ignoring_case(found, *options.sha256)) return ok_status();
  Error error{Errc::Access, cat("SHA-256 is ", found, ", but ", *options.sha256,
                                " is wanted: not the file that was meant; it is dropped")};
  context.images.remove(image);
  return error;
}

Result<Image*> acquire(Context& context, Args words, const ImageOptions& options, Lookup lookup) {
  TRY(valid_digest(options));
  const std::string& operand = words[0];
  Image* image = lookup == Lookup::ImageOrUri ? context.images.find(operand) : nullptr;
  if (image) {
    TRY(check_digest(context, *image, options));
    if (!options.name.empty()) image->name = options.name;
    if (options.autofree) image->autofree = true;
  } else {
    image = TRY(download_operand(context, operand, options));
  }
  if (words.size() > 1) image->cmdline = join(words.subspan(1));
  return image;
}

std::string describe(const Image& image) {
  std::string text = cat(printable(image.name), " : ", image.data.size(), " bytes");
  if (image.format) text += cat(" [", image.format->name, ']');
  if (image.selected) text += " [SELECTED]";
  if (image.shim) text += " [SHIM]";
  if (image.trusted) text += " [TRUSTED]";
  if (image.autofree) text += " [AUTOFREE]";
  if (image.hidden) text += " [HIDDEN]";
  if (image.cmdline && !image.cmdline->empty())
    text += cat(" \"", printable(*image.cmdline, kMaxArguments), '"');
  return text;
}

}  // namespace hawser
