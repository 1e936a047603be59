// Raw frames for a boot program: the UNDI half of the PXE API (PXE 2.1 §4.2).
#pragma once

#include <cstdint>
#include <vector>

#include "drivers/undi/api.h"
#include "src/loop.h"
#include "src/nbp.h"
#include "src/network.h"
#include "src/pxe_api/parameters.h"

namespace hawser::pxe_api {

class Frames {
 public:
  Frames(Loop& loop, Network& network, Interface& interface)
      : loop_(loop), network_(network), interface_(interface) {}
  /// The network is as it was before.
  ~Frames();
  Frames(const Frames&) = delete;
  Frames& operator=(const Frames&) = delete;

  /// The program gets what arrives, and our stack does not. Errors: as Nic::open.
  Status open(uint16_t filter);
  /// The card is quiet until resume().
  void close();
  void set_filter(uint16_t filter) { filter_ = filter; }
  /// Opens the card again for calls that need our stack. Errors: as Nic::open.
  Status resume();
  /// While it exists, our stack gets the frames.
  class ForStack {
   public:
    explicit ForStack(Frames& frames) : frames_(frames) { ++frames_.for_stack_; }
    ~ForStack() { --frames_.for_stack_; }
    ForStack(const ForStack&) = delete;
    ForStack& operator=(const ForStack&) = delete;

   private:
    Frames& frames_;
  };

  Code transmit(const undi::TransmitParameters& call, ProgramMemory& memory);
  /// `buffer` is where frames are put for the program, for at least a frame.
  void serve_interrupt(undi::IsrParameters& call, ProgramMemory::Area buffer);

 private:
  bool keep(Bytes frame);
  bool gather(const undi::TransmitParameters& call, ProgramMemory& memory,
              std::vector<uint8_t>& frame);

  Loop& loop_;
  Network& network_;
  Interface& interface_;
  bool open_ = false, paused_ = false, plain_ = false;
  int for_stack_ = 0;
  uint16_t filter_ = 0;
  std::vector<std::vector<uint8_t>> waiting_;  ///< frames for the program, oldest first
  unsigned sent_ = 0;  ///< frames whose transmission the program has not been told of
};

}  // namespace hawser::pxe_api
