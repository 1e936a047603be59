// TFTP against a simulated server, over a wire that loses packets.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "net/tftp/packet.h"
#include "net/tftp/read_transfer.h"
#include "src/base/format.h"
#include "tests/unit/tftp_parts.h"

namespace hawser::tftp {
namespace {

using namespace testing_parts;
using State = ReadTransfer::State;

/// A server, a client and the wire between them, in simulated time (1 ms each way).
class Simulation : public Wire {
 public:
  struct Server {
    size_t file_bytes = 4196;
    bool options = true;
    uint16_t most_window = 64;
    bool wraps_to_one = false;
    size_t dies_after_packets = SIZE_MAX;
    int64_t retry_ms = 1000;
    size_t longest_burst = SIZE_MAX;  ///< blocks of a window past this many are lost
  };
  explicit Simulation(Server server, Limits limits = {})
      : server_(server), get_(*this, sink, limits) {
    for (size_t i = 0; i < server.file_bytes; ++i) content_.push_back(char(i * 7 + i / 251));
  }
  std::function<bool(size_t)> lost = [](size_t) { return false; };

  /// Runs to the end; true when the file arrived whole.
  bool completes() {
    get_.start("file", now_);
    while (!get_.finished() && now_.ms < 600'000) step();
    return get_.state() == State::Done && sink.text == content_;
  }
  File sink;
  Millis now_{0};
  size_t packets = 0;
  const ReadTransfer& transfer() const { return get_; }

  void renew() override { ++client_port_; }
  void send(uint16_t, Bytes packet) override {
    if (!lost(packets++)) queue(true, {packet.begin(), packet.end()});
  }

 private:
  struct Flying {
    Millis at;
    bool to_server;
    int client_port;
    Packet packet;
  };
  void queue(bool to_server, Packet packet) {
    flying_.push_back({now_ + Millis{1}, to_server, client_port_, std::move(packet)});
  }
  void reply(Packet packet) {
    if (packets >= server_.dies_after_packets) return;
    if (!lost(packets++)) queue(false, std::move(packet));
  }
  void step() {
    Millis next = std::min(get_.deadline(), server_deadline_);
    if (!flying_.empty()) next = std::min(next, flying_.front().at);
    now_ = std::max(now_, next);
    if (!flying_.empty() && flying_.front().at <= now_) {
      Flying one = std::move(flying_.front());
      flying_.pop_front();
      if (one.to_server) serve(one.packet);
      else if (one.client_port == client_port_) get_.on_packet(kTid, one.packet, now_);
    }
    get_.on_deadline(now_);
    if (now_ >= server_deadline_) transmit();
  }
  void serve(const Packet& packet) {
    uint16_t number = uint16_t(packet[2] << 8 | packet[3]);
    if (packet[1] == 1) return open(std::string(packet.begin() + 2, packet.end()));
    if (packet[1] == 5) server_deadline_ = kNever;
    if (packet[1] != 4 || server_deadline_ == kNever) return;
    for (size_t block = acked_; block <= acked_ + window_; ++block) {
      if (wire_number(block) != number) continue;
      if (block == acked_ && window_ == 1 && sent_data_) return;  // RFC 1123 §4.2.3.1
      acked_ = block;
      sent_data_ = true;
      if (acked_ * block_bytes_ > content_.size()) server_deadline_ = kNever;
      else transmit();
      return;
    }
  }
  void open(const std::string& request) {
    acked_ = 0;
    sent_data_ = false;
    window_ = 1;
    block_bytes_ = 512;
    oack_.clear();
    if (server_.options && request.find("blksize") != std::string::npos) {
      block_bytes_ = 600;
      std::vector<std::string> texts{"blksize", "600", "tsize", decimal(uint64_t(content_.size()))};
      size_t at = request.find("windowsize");
      if (at != std::string::npos && server_.most_window > 1) {
        window_ =
            std::min<uint16_t>(uint16_t(std::stoi(request.substr(at + 11))), server_.most_window);
        texts.insert(texts.end(), {"windowsize", decimal(uint64_t{window_})});
      }
      oack_ = oack(texts);
      return transmit();
    }
    sent_data_ = true;
    transmit();
  }
  void transmit() {
    server_deadline_ = now_ + Millis{server_.retry_ms};
    if (!sent_data_) return reply(oack_);
    for (size_t i = 0; i < window_; ++i) {
      size_t from = (acked_ + i) * block_bytes_;
      if (from > content_.size()) return;
      std::string payload = content_.substr(from, block_bytes_);
      if (i >= server_.longest_burst) return;
      reply(numbered(Opcode::Data, wire_number(acked_ + i + 1), payload));
    }
  }
  uint16_t wire_number(size_t block) const {
    if (server_.wraps_to_one && block > 0) return uint16_t((block - 1) % 65535 + 1);
    return uint16_t(block);
  }

  Server server_;
  std::string content_;
  ReadTransfer get_;
  std::deque<Flying> flying_;
  int client_port_ = 0;
  Millis server_deadline_ = kNever;
  size_t acked_ = 0, block_bytes_ = 512;
  uint16_t window_ = 1;
  bool sent_data_ = false;
  Packet oack_;
};

TEST(TftpSimulation, SurvivesAnySingleLoss) {
  for (uint16_t window : {1, 4, 64}) {
    for (size_t lost = 0; lost < 40; ++lost) {
      Simulation simulation{{.most_window = window}};
      simulation.lost = [lost](size_t packet) { return packet == lost; };
      EXPECT_TRUE(simulation.completes()) << "window " << window << " lost " << lost;
      EXPECT_LT(simulation.now_.ms, 3000);
    }
  }
}

TEST(TftpSimulation, SurvivesAnySingleLossWithoutOptions) {
  for (size_t lost = 0; lost < 24; ++lost) {
    Simulation simulation{{.options = false}};
    simulation.lost = [lost](size_t packet) { return packet == lost; };
    EXPECT_TRUE(simulation.completes()) << lost;
  }
}

TEST(TftpSimulation, SurvivesAnyPairOfLosses) {
  for (size_t first = 0; first < 20; ++first) {
    for (size_t second = first + 1; second < 24; ++second) {
      Simulation simulation{{.most_window = 4}};
      simulation.lost = [=](size_t packet) { return packet == first || packet == second; };
      EXPECT_TRUE(simulation.completes()) << first << ", " << second;
    }
  }
}

TEST(TftpSimulation, SurvivesOnePercentOfLoss) {
  for (uint16_t window : {1, 64}) {
    Simulation simulation{{.file_bytes = 2'000'000, .most_window = window}};
    uint32_t random = 1;
    simulation.lost = [&random](size_t) {
      random = random * 1664525 + 1013904223;
      return random % 100 == 0;
    };
    EXPECT_TRUE(simulation.completes()) << window;
  }
}

TEST(TftpSimulation, BlockNumbersWrapToZeroAndToOne) {
  for (bool to_one : {false, true}) {
    Simulation simulation{{.file_bytes = 600u * 66'000, .most_window = 1, .wraps_to_one = to_one}};
    EXPECT_TRUE(simulation.completes()) << to_one;
    EXPECT_EQ(simulation.sink.restarts, 0);
  }
}

TEST(TftpSimulation, WindowedServerThatWrapsToOneIsReadInLockStep) {
  Simulation simulation{{.file_bytes = 600u * 66'000, .most_window = 64, .wraps_to_one = true}};
  EXPECT_TRUE(simulation.completes());
  EXPECT_EQ(simulation.sink.restarts, 1);
}

TEST(TftpSimulation, WindowsThatNeverArriveWholeAreMadeSmaller) {
  Simulation simulation{{.file_bytes = 2'000'000, .longest_burst = 16}};
  EXPECT_TRUE(simulation.completes());
  EXPECT_LE(simulation.transfer().window(), 16);
}

TEST(TftpSimulation, ServerThatDiesIsReported) {
  for (size_t packets = 0; packets < 12; ++packets) {
    Simulation simulation{{.file_bytes = 60'000, .most_window = 4, .dies_after_packets = packets}};
    EXPECT_FALSE(simulation.completes());
    EXPECT_EQ(simulation.transfer().error().code, Errc::TimedOut);
    EXPECT_LE(simulation.now_.ms, 22'000);
    EXPECT_LE(simulation.sink.restarts, 1);
  }
}

TEST(TftpSimulation, WindowsNeedFewAcknowledgements) {
  Simulation lock_step{{.file_bytes = 600'000, .most_window = 1}};
  Simulation windows{{.file_bytes = 600'000, .most_window = 64}};
  ASSERT_TRUE(lock_step.completes());
  ASSERT_TRUE(windows.completes());
  EXPECT_LT(windows.now_.ms * 30, lock_step.now_.ms);
}

}  // namespace
}  // namespace hawser::tftp
