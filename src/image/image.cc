#include "src/image/image.h"

#include <algorithm>
#include <cstring>

namespace hawser {

Status TrustRule::set(bool required, bool final) {
  if (final_ && required != required_)
    return Error{Errc::Access, "imgtrust --permanent was used before; only a restart changes that"};
  required_ = required;
  final_ |= final;
  return ok_status();
}

Image* ImageList::find(std::string_view name) {
  for (const auto& image : images_)
    if (image->name == name) return image.get();
  return nullptr;
}

Image* ImageList::selected() {
  for (const auto& image : images_)
    if (image->selected) return image.get();
  return nullptr;
}

void ImageList::select(Image& image) {
  for (const auto& other : images_) other->selected = false;
  image.selected = true;
}

void ImageList::remove(Image& image) { take(image); }

std::unique_ptr<Image> ImageList::take(Image& image) {
  auto at = std::ranges::find_if(images_, [&](const auto& owned) { return owned.get() == &image; });
  if (at == images_.end()) return nullptr;
  std::unique_ptr<Image> taken = std::move(*at);
  images_.erase(at);
  return taken;
}

void ImageList::put_back(std::unique_ptr<Image> image) { images_.push_back(std::move(image)); }

Result<Image*> ImageList::add(std::string name, Bytes data, std::optional<Uri> uri) {
  Download copy(*this);
  TRY(copy.begin(data.size()));
  TRY(copy.write(data));
  return &copy.finish(std::move(name), std::move(uri));
}

Status ImageList::Download::begin(std::optional<uint64_t> size) {
  constexpr uint64_t kFirstGuess = 65536;  // grows in place as a rule
  uint64_t wanted = size.value_or(kFirstGuess);
  announced_ = size.value_or(0);
  if (block_) return list_.memory_.grow(*block_, wanted, used_);
  block_ = HeldBlock(list_.memory_, TRY(list_.memory_.allocate(wanted)));
  return ok_status();
}

Status ImageList::Download::write(Bytes bytes) {
  if (!block_) TRY(begin(std::nullopt));
  ImageMemory& memory = list_.memory_;
  if (bytes.size() > block_->capacity - used_) {
    uint64_t needed = used_ + bytes.size();
    // Twice as much while there is plenty: moving, if it must be, then stays cheap.
    Status roomy = memory.grow(*block_, std::max(needed, 2 * block_->capacity), used_);
    if (!roomy.ok()) TRY(memory.grow(*block_, needed, used_));
  }
  uint8_t* to = memory.data(*block_) + used_;
  if (!bytes.empty() && bytes.data() != to) std::memcpy(to, bytes.data(), bytes.size());
  used_ += bytes.size();
  return ok_status();
}

void ImageList::Download::restart() { used_ = announced_ = 0; }

MutBytes ImageList::Download::memory() {
  if (!block_ || announced_ > block_->capacity) return {};
  return {list_.memory_.data(*block_), announced_};
}

Image& ImageList::Download::finish(std::string name, std::optional<Uri> uri) {
  auto image = std::make_unique<Image>();
  image->name = std::move(name);
  image->uri = std::move(uri);
  if (block_) {
    list_.memory_.trim(*block_, used_);
    image->data = {list_.memory_.data(*block_), used_};
    image->phys = block_->start;
    image->block = std::move(block_);
  }
  image->format = detect_format(image->data);
  list_.images_.push_back(std::move(image));
  return *list_.images_.back();
}

}  // namespace hawser
