// What the models of cards with rings have in common: what a test sets and looks at, whatever the
// card. Bus addresses are host addresses, or their low halves.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include "drivers/card_io.h"
#include "tests/fakes/frames.h"

namespace hawser::fakes {

class NicModel {
 public:
  virtual ~NicModel() = default;

  // --- what a test sets -------------------------------------------------------------------------
  bool starts = true;  ///< false: it never gets ready, whatever the driver waits for
  bool link_up = true;
  bool sends = true;  ///< false: frames stay in the ring
  bool gone = false;  ///< reads give all ones, writes vanish
  Frame address{0x52, 0x54, 0x00, 0x12, 0x34, 0x56};

  /// A frame from the wire. False: there was no room.
  virtual bool receive(const Frame& frame) = 0;
  /// Frames that are damaged, too long, empty, cut in pieces, and answers that make no sense.
  /// How many errors a driver is to count for them.
  virtual size_t receive_rubbish() = 0;
  /// Takes what is in the transmit ring.
  virtual void transmit() = 0;

  // --- what a test looks at ---------------------------------------------------------------------
  std::vector<Frame> sent;
  uint32_t doorbells = 0;  ///< for frames to send
  bool bus_master = false;
  /// It receives and sends, with its interrupts off.
  virtual bool running() const = 0;
  /// The address in its filter.
  virtual Frame filter() const = 0;
  /// The host address of a bus address of 32 bits.
  std::function<uint8_t*(uint32_t)> memory_at;

 protected:
  virtual uint32_t read(uint32_t offset, unsigned bytes) = 0;
  virtual void write(uint32_t offset, uint32_t value, unsigned bytes) = 0;

 private:
  friend class NicModelIo;
};

class NicModelIo final : public CardIo {
 public:
  explicit NicModelIo(NicModel& model) : model_(model) {}
  uint32_t read(uint32_t offset, unsigned bytes) override {
    return model_.gone ? ~uint32_t{0} >> (32 - 8 * bytes) : model_.read(offset, bytes);
  }
  void write(uint32_t offset, uint32_t value, unsigned bytes) override {
    if (!model_.gone) model_.write(offset, value, bytes);
  }
  void bus_master(bool on) override { model_.bus_master = on; }

 private:
  NicModel& model_;
};

}  // namespace hawser::fakes
