// Downloaded files, the list of them, and the memory they live in.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/result.h"
#include "src/fetch.h"
#include "src/load_plan.h"
#include "src/memory_map.h"
#include "src/platform.h"
#include "src/program.h"
#include "src/uri/uri.h"

namespace hawser {

struct ImageFormat;

/// Physical memory for images. Blocks are handed out bottom-up from one start address with a
/// 4096-byte boundary, so that initrds fetched one after another lie one after another with zeroed
/// gaps and need not be moved at hand-over. The block handed out last can grow, which serves
/// downloads of unknown size.
class ImageMemory {
 public:
  explicit ImageMemory(Platform& platform);

  struct Block {
    Phys start = 0;
    uint64_t capacity = 0;  ///< bytes reserved, a multiple of 4096
  };
  /// Errors: NoSpace ("needs 800.0 MiB, free 300.0 MiB, largest hole 290.0 MiB").
  Result<Block> allocate(uint64_t bytes);
  /// Makes room for `bytes` in all, in place if what follows is free, else by moving `used` bytes.
  /// Errors: NoSpace; the block is then as it was.
  Status grow(Block& block, uint64_t bytes, uint64_t used);
  /// Gives back what lies past `bytes`, and zeroes the rest of the last page that stays.
  void trim(Block& block, uint64_t bytes);
  void free(const Block& block);
  uint8_t* data(const Block& block) { return platform_.ram(block.start); }

  /// Pieces that no block lies in, whole pages.
  std::vector<Range> holes() const;
  /// Something else lies there from now on. The range is a hole or part of one.
  void withdraw(Range range);
  /// Copies of all blocks on the heap, for when somebody else may use the memory meanwhile.
  /// Errors: NoSpace (they are too large for the heap).
  struct Copy {
    Range range;
    std::unique_ptr<uint8_t[]> data;
  };
  using Copies = std::vector<Copy>;
  Result<Copies> copy() const;
  void restore(const Copies& copies);
  uint64_t free_bytes() const;
  uint64_t largest_hole() const;

 private:
  Error no_space(uint64_t bytes) const;
  void resize(const Block& block, uint64_t capacity);
  Platform& platform_;
  std::vector<Range> arenas_;  ///< where images may lie, in order of preference
  std::vector<Range> used_;    ///< sorted
};

/// Owns a block: frees it when destroyed. Borrows the ImageMemory.
class HeldBlock {
 public:
  HeldBlock() = default;
  HeldBlock(ImageMemory& memory, ImageMemory::Block block) : memory_(&memory), block_(block) {}
  HeldBlock(HeldBlock&& from) noexcept { *this = std::move(from); }
  HeldBlock& operator=(HeldBlock&& from) noexcept {
    std::swap(memory_, from.memory_);
    std::swap(block_, from.block_);
    return *this;
  }
  ~HeldBlock() {
    if (memory_) memory_->free(block_);
  }
  explicit operator bool() const { return memory_; }
  ImageMemory::Block& operator*() { return block_; }
  ImageMemory::Block* operator->() { return &block_; }

 private:
  ImageMemory* memory_ = nullptr;
  ImageMemory::Block block_;
};

/// What makes an image the one that starts others under Secure Boot.
struct ShimRules {
  bool allow_pxe = false;  ///< it may see the firmware's PXE client
};

/// A registered file. Owned by the ImageList, or by whoever took it; destroyed with its memory.
struct Image {
  std::string name;
  std::optional<Uri> uri;               ///< where it came from
  std::optional<std::string> cmdline;   ///< arguments, joined with single blanks
  Bytes data;                           ///< valid while the image exists
  Phys phys = 0;                        ///< where `data` lies; a multiple of 4096
  HeldBlock block;                      ///< memory of `data`
  const ImageFormat* format = nullptr;  ///< detected type; nullptr: unknown (still fine as initrd)
  std::optional<ShimRules> shim;        ///< set in the one that starts others under Secure Boot
  bool selected = false, trusted = false, autofree = false, hidden = false;
};

/// One row per image format. `probe` reads, `load` decides, and Platform::hand_over acts; under
/// UEFI `uefi` decides, if there is one, and Platform::start_program may act. Scripts have neither:
/// the interpreter runs them.
struct ImageFormat {
  std::string_view name;      ///< as `imgstat` shows it: "bzImage", "Multiboot", "script"
  bool (*probe)(Bytes file);  ///< header only
  /// Pure: what goes where, and how to enter. `modules` are the other images in list order
  /// (initrds or Multiboot modules). Errors: Format/Invalid (broken file), NoSpace, Range.
  Result<LoadPlan> (*load)(const Image& image, const std::vector<const Image*>& modules,
                           const Machine& machine);
  /// What UEFI firmware has for it. nullptr: `load` serves there too.
  UefiStart UefiImages::*uefi = nullptr;

  bool needs_uefi() const { return uefi && !load; }  ///< nothing else can start such an image
};

/// Rows in probe order: formats without a magic number come last.
std::vector<const ImageFormat*> image_formats();
const ImageFormat* detect_format(Bytes file);

/// Whether only images that are TRUSTED may run.
class TrustRule {
 public:
  bool required() const { return required_; }
  /// Errors: Access (it was made `final` before, and says otherwise).
  Status set(bool required, bool final);

 private:
  bool required_ = false, final_ = false;
};

class ImageList {
 public:
  explicit ImageList(Platform& platform) : memory_(platform) {}

  const std::vector<std::unique_ptr<Image>>& all() const { return images_; }
  Image* find(std::string_view name);
  Image* selected();
  void select(Image& image);
  void remove(Image& image);
  /// Takes an image off the list while it runs; put_back() appends it again.
  std::unique_ptr<Image> take(Image& image);
  void put_back(std::unique_ptr<Image> image);

  /// Collects a download into memory of the list.
  class Download : public Sink {
   public:
    explicit Download(ImageList& list) : list_(list) {}
    Status begin(std::optional<uint64_t> size) override;
    Status write(Bytes bytes) override;
    void restart() override;
    MutBytes memory() override;
    uint64_t size() const { return used_; }
    /// Registers what arrived, detects its format, and returns it.
    Image& finish(std::string name, std::optional<Uri> uri);

   private:
    ImageList& list_;
    HeldBlock block_;
    uint64_t used_ = 0;
    uint64_t announced_ = 0;  ///< bytes; 0: nothing was
  };
  /// Registers a copy of `data` (embedded script, command line, initrd of the first loader).
  Result<Image*> add(std::string name, Bytes data, std::optional<Uri> uri);
  ImageMemory& memory() { return memory_; }
  TrustRule& trust_rule() { return trust_rule_; }

 private:
  ImageMemory memory_;  // outlives the images
  TrustRule trust_rule_;
  std::vector<std::unique_ptr<Image>> images_;
};

}  // namespace hawser
