// Commands that look into images.
#include <new>
#include <utility>
#include <vector>

#include "src/archive/archive.h"
#include "src/base/format.h"
#include "src/console/console.h"
#include "src/image/image.h"
#include "src/loop.h"
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

/// Windows come from the memory for images, as the heap is too small for them.
class WindowMemory final : public ArchiveMemory {
 public:
  explicit WindowMemory(ImageMemory& memory) : memory_(memory) {}
  void* allocate(size_t bytes) override {
    constexpr size_t kLarge = size_t{64} * 1024;
    if (bytes < kLarge) return ::operator new(bytes, std::nothrow);
    auto block = memory_.allocate(bytes);
    if (!block.ok()) return nullptr;
    large_.push_back(*block);
    return memory_.data(*block);
  }
  void release(void* memory) override {
    for (size_t i = 0; i < large_.size(); ++i) {
      if (memory_.data(large_[i]) != memory) continue;
      memory_.free(large_[i]);
      large_.erase(large_.begin() + ptrdiff_t(i));
      return;
    }
    ::operator delete(memory);
  }

 private:
  ImageMemory& memory_;
  std::vector<ImageMemory::Block> large_;
};

struct ExtractOptions {
  std::string name;
  Millis timeout{0};
  bool quiet = false, keep = false;
};
constexpr Option kExtractOptions[] = {
    option<&ExtractOptions::name>('n', "name", "name", "register what comes out under this name"),
    option<&ExtractOptions::keep>('k', "keep", "", "keep the compressed image as well"),
    option<&ExtractOptions::timeout>('t', "timeout", "ms",
                                     "give up after this long without progress"),
    option<&ExtractOptions::quiet>('q', "quiet", "", "show no progress"),
};

/// A new image of what is in `packed`. Errors: Unsupported (no archive), as unpack().
Result<Image*> unpack_image(Context& context, const Image& packed, std::string name) {
  auto kind = archive_kind(packed.data);
  if (!kind)
    return Error{Errc::Unsupported,
                 cat("\"", packed.name, "\" is not compressed with gzip, zlib, zstd or xz")};
  WindowMemory memory(context.images.memory());
  ImageList::Download out(context.images);
  TRY(unpack(*kind, packed.data, memory, out, [&] { return context.loop.cancel_requested(); }));
  if (name.empty()) name = packed.name.substr(0, packed.name.rfind('.'));
  Image& image = out.finish(std::move(name), packed.uri);
  image.trusted = packed.trusted;
  return &image;
}

Status extract(Context& context, const ExtractOptions& options, Args words) {
  bool was_there = context.images.find(words[0]) != nullptr;
  Image* packed = TRY(acquire(context, words, {.timeout = options.timeout, .quiet = options.quiet},
                              Lookup::ImageOrUri));
  auto image = unpack_image(context, *packed, options.name);
  // What was only downloaded for this would go to the next kernel as an initrd.
  if (image.ok() ? !options.keep : !was_there) context.images.remove(*packed);
  if (image.ok()) return ok_status();
  return std::move(image).error().in("Could not extract image");
}

struct MemoryOptions {
  std::string name;
};
constexpr Option kMemoryOptions[] = {
    option<&MemoryOptions::name>('n', "name", "name", "register the image under this name"),
};

/// Only memory that reading cannot change: devices have registers that do.
Status image_of_memory(Context& context, const MemoryOptions& options, Args words) {
  constexpr Phys kFirstMegabyte = 1u << 20;  // the BIOS and its data
  int64_t at = TRY(integer_argument(words[0])), length = TRY(integer_argument(words[1]));
  if (at < 0 || length <= 0 || length > INT64_MAX - at)
    return Error{Errc::Range, "addresses and lengths are not negative, and length not 0"};
  Range range{Phys(at), Phys(at + length)};
  if (range.end > kFirstMegabyte && !context.platform.memory().is_ram(range))
    return Error{Errc::Range,
                 cat("0x", hex(range.start), " to 0x", hex(range.end), " is not all RAM")};
  Bytes bytes{context.platform.ram(range.start), size_t(length)};
  TRY(context.images.add(options.name.empty() ? words[0] : options.name, bytes, std::nullopt));
  return ok_status();
}

struct ShimOptions {
  Millis timeout{0};
  bool quiet = false, loader = false, pxe = false, sbat = false;
};
constexpr Option kShimOptions[] = {
    option<&ShimOptions::timeout>('t', "timeout", "ms", "give up after this long without progress"),
    option<&ShimOptions::quiet>('q', "quiet", "", "show no progress"),
    option<&ShimOptions::loader>('l', "require-loader", "",
                                 "of no effect: shim's rules always hold"),
    option<&ShimOptions::pxe>('p', "allow-pxe", "", "let shim see the firmware's PXE client"),
    option<&ShimOptions::sbat>('s', "allow-sbat", "", "of no effect: SbatLevel is never hidden"),
};

/// BIOS firmware has no Secure Boot, so there is nothing that a shim could do.
Status shim(Context& context, const ShimOptions& options, Args words) {
  for (const auto& image : context.images.all()) image->shim.reset();
  if (words.empty() || !context.platform.firmware().efi) return ok_status();
  // iPXE's options to switch its ways around shim's rules off. There are none here.
  for (auto [used, name] :
       {std::pair{options.loader, "require-loader"}, std::pair{options.sbat, "allow-sbat"}})
    if (used)
      context.console.print(cat("Note: --", name, " changes nothing: shim's rules always hold\n"));
  Image* image = TRY(acquire(context, words, {.timeout = options.timeout, .quiet = options.quiet},
                             Lookup::ImageOrUri));
  image->shim = ShimRules{.allow_pxe = options.pxe};
  return ok_status();
}

constexpr Command kCommands[] = {
    command<set_from_image>("imgset", "<setting> <uri|image>", "put a file into a setting", 2, 2,
                            kSetOptions),
    command<extract>("imgextract", "<uri|image>", "unpack a gzip, zlib, zstd or xz file", 1, 1,
                     kExtractOptions),
    command<image_of_memory>("imgmem", "<address> <length>", "copy memory into an image", 2, 2,
                             kMemoryOptions),
    command<shim>("shim", "[<uri|image>]",
                  "under Secure Boot, start what the firmware refuses by this", 0, 1, kShimOptions),
};

}  // namespace

CommandTable archive_commands() { return kCommands; }

}  // namespace hawser
