// A download that a boot program reads piece by piece.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/fetch.h"
#include "src/loop.h"
#include "src/uri/uri.h"

namespace hawser::pxe_api {

/// Polls until `done()`; the firmware's clock keeps going meanwhile. False when `progress()` has
/// not changed for 30 s.
bool wait_for(Loop& loop, const std::function<bool()>& done,
              const std::function<uint64_t()>& progress);

class FileReader final : private Sink {
 public:
  explicit FileReader(Loop& loop) : loop_(loop) {}

  /// Starts the download and waits for its first bytes. Errors: those of the download, TimedOut.
  Status open(Fetcher& fetcher, const Uri& uri);
  /// Fills `out`; fewer bytes are the end of the file. Errors: as open().
  Result<size_t> read(MutBytes out);
  /// read() would not wait: a byte has come, or there are no more.
  bool ready() const { return waiting() > 0 || fetch_->done(); }
  /// As the server told when the download began.
  std::optional<uint64_t> size() const { return size_; }
  /// The size that the server tells, without the file. Errors: as open(), NotFound (it does not
  /// tell).
  Result<uint64_t> size_of(Fetcher& fetcher, const Uri& uri);

 private:
  Status begin(std::optional<uint64_t> size) override;
  Status write(Bytes bytes) override;
  void restart() override;
  size_t waiting() const { return buffer_.size() - at_; }
  Status wait_until(const std::function<bool()>& enough);

  Loop& loop_;
  std::vector<uint8_t> buffer_;  ///< what arrived, read up to at_
  size_t at_ = 0;
  bool given_ = false, changed_ = false, only_size_ = false;
  std::optional<uint64_t> size_;
  std::unique_ptr<Fetch> fetch_;
};

}  // namespace hawser::pxe_api
