// A network card driven through the UNDI of its PXE ROM (PXE 2.1 §4.2), polled. For cards that
// Hawser has no driver for: each frame costs two or three visits to real mode.
#pragma once

#include "drivers/nic.h"
#include "drivers/undi/api.h"

namespace hawser::undi {

class Device final : public Nic {
 public:
  /// Borrows `rom`.
  Device(Rom& rom, const Card& card) : rom_(rom), card_(card) {}
  ~Device() override { close(); }

  std::string_view driver() const override { return "undi"; }
  std::string_view chip() const override { return "undionly"; }  // as iPXE's scripts know it
  Mac mac() const override { return card_.mac; }
  uint32_t mtu() const override { return card_.mtu; }

  Status open(FramePort& port) override;
  void close() override;
  /// UNDI does not tell: up while open.
  Link link() override { return port_ ? Link::Up : Link::Down; }
  bool transmit(std::span<const Bytes> pieces) override;
  size_t poll(size_t budget) override;
  const NicCounters& counters() override { return counters_; }

 private:
  Status open_card();
  bool has_something();
  bool take_piece(const IsrParameters& piece);
  void drop_frame();

  Rom& rom_;
  Card card_;
  FramePort* port_ = nullptr;  ///< set while open
  bool irq_was_masked_ = false;
  unsigned next_slot_ = 0;      ///< for the next frame to send
  unsigned quiet_polls_ = 0;    ///< since the ROM last had something
  bool in_service_ = false;     ///< between PROCESS and "done"
  bool processing_ = false;     ///< PROCESS is due; otherwise GET NEXT
  RxBuffer* buffer_ = nullptr;  ///< for the frame that comes next or in pieces
  size_t have_ = 0, total_ = 0;
  NicCounters counters_;
};

}  // namespace hawser::undi
