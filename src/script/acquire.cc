#include "src/script/acquire.h"

#include <utility>

#include "src/base/format.h"
#include "src/console/progress.h"
#include "src/network.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

constexpr size_t kMaxArguments = 4096;  ///< shown; more than any kernel takes

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
  if (auto request = context.params.claim(uri.params)) how.http = std::move(*request);
  auto fetch = TRY(context.network.fetcher().start(uri, sink, how));
  if (Status status = see_through(context.console, *fetch, label, options.quiet); !status.ok())
    return std::move(status).error().in(display(uri));
  std::string name = options.name.empty() ? image_name(uri) : options.name;
  if (name.empty()) name = spare_name(context.images);
  Image& image = sink.finish(std::move(name), uri);
  image.autofree = options.autofree;
  return &image;
}

Result<Image*> acquire(Context& context, Args words, const ImageOptions& options, Lookup lookup) {
  const std::string& operand = words[0];
  Image* image = lookup == Lookup::ImageOrUri ? context.images.find(operand) : nullptr;
  if (image) {
    if (!options.name.empty()) image->name = options.name;
    if (options.autofree) image->autofree = true;
  } else {
    Uri uri = TRY(uri_argument(context.settings, operand));
    auto written = parse_uri(percent_encode(operand));
    std::string label = written.ok() ? display(*written) : display(uri);
    image = TRY(download(context, uri, label, options));
  }
  if (words.size() > 1) image->cmdline = join(words.subspan(1));
  return image;
}

std::string describe(const Image& image) {
  std::string text = cat(printable(image.name), " : ", image.data.size(), " bytes");
  if (image.format) text += cat(" [", image.format->name, ']');
  if (image.selected) text += " [SELECTED]";
  if (image.trusted) text += " [TRUSTED]";
  if (image.autofree) text += " [AUTOFREE]";
  if (image.hidden) text += " [HIDDEN]";
  if (image.cmdline && !image.cmdline->empty())
    text += cat(" \"", printable(*image.cmdline, kMaxArguments), '"');
  return text;
}

}  // namespace hawser
