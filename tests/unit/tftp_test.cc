// TFTP as traces of packets: what was on the wire, and what came of it.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/tftp/packet.h"
#include "net/tftp/read_transfer.h"
#include "tests/unit/tftp_parts.h"

namespace hawser::tftp {
namespace {

using namespace testing_parts;
using State = ReadTransfer::State;

struct TestWire : Wire {
  void renew() override { ++local_ports; }
  void send(uint16_t port, Bytes packet) override {
    sent.push_back({port, {packet.begin(), packet.end()}});
  }
  struct Sent {
    uint16_t port;
    Packet packet;
  };
  std::vector<Sent> sent;
  int local_ports = 0;
};

struct TftpTrace : testing::Test {
  TestWire wire;
  File file;
  ReadTransfer get{wire, file, Limits{}};

  void receive(const Packet& packet, int64_t ms, uint16_t port = kTid) {
    get.on_packet(port, packet, {ms});
  }
  Packet last() { return wire.sent.empty() ? Packet{} : wire.sent.back().packet; }
  std::string last_text() {
    Packet packet = last();
    return {packet.begin(), packet.end()};
  }
};

TEST_F(TftpTrace, AsksForSizesTimeoutAndWindow) {
  get.start("boot.cfg", {0});
  ASSERT_EQ(wire.sent.size(), 1u);
  EXPECT_EQ(wire.sent[0].port, 69);
  using namespace std::string_literals;
  EXPECT_EQ(last_text(),
            "\0\1boot.cfg\0octet\0blksize\0"s
            "1468\0tsize\0"s
            "0\0timeout\0"s
            "1\0windowsize\0"s
            "64\0"s);
}

TEST_F(TftpTrace, ReadsAFileWithOptions) {
  get.start("f", {0});
  receive(oack({"BLKSIZE", "1000", "tsize", "1500", "windowsize", "8"}), 1);
  EXPECT_EQ(file.announced.at(0), 1500u);
  EXPECT_EQ(last(), acknowledgement(0));
  receive(data(1, 1000), 2);
  EXPECT_EQ(last(), acknowledgement(0));  // the window is not full
  receive(data(2, 500), 3);
  EXPECT_EQ(last(), acknowledgement(2));
  EXPECT_EQ(get.state(), State::Done);
  EXPECT_EQ(file.text.size(), 1500u);
  EXPECT_EQ(get.deadline(), kNever);
}

TEST_F(TftpTrace, ServerWithoutOptionsSendsDataAtOnce) {
  get.start("f", {0});
  receive(data(1, 512), 1);
  EXPECT_EQ(last(), acknowledgement(1));
  EXPECT_FALSE(file.announced.at(0));
  receive(data(2, 0), 2);
  EXPECT_EQ(get.state(), State::Done);
  EXPECT_EQ(file.announced.size(), 1u);
}

TEST_F(TftpTrace, ServerThatRefusesOptionsIsAskedAgainWithFewer) {
  get.start("f", {0});
  receive(error(8, "no"), 1);
  EXPECT_NE(last_text().find("blksize"), std::string::npos);
  EXPECT_EQ(last_text().find("windowsize"), std::string::npos);
  receive(error(0, "still no"), 2, kTid + 1);
  EXPECT_EQ(last_text(), std::string("\0\1f\0octet\0", 10));
  EXPECT_EQ(wire.local_ports, 3);
  receive(data(1, 5), 3, kTid + 2);
  EXPECT_EQ(get.state(), State::Done);
}

TEST_F(TftpTrace, ErrorsAreShownInTheServersWords) {
  get.start("f", {0});
  receive(error(1, "file\x1b[2J f not found"), 1);
  EXPECT_EQ(get.state(), State::Failed);
  EXPECT_EQ(get.error().code, Errc::NotFound);
  EXPECT_EQ(get.error().text, "TFTP server says \"file?[2J f not found\" (error 1)");
}

TEST_F(TftpTrace, ErrorInTheMiddleEndsTheTransfer) {
  get.start("f", {0});
  receive(data(1, 512), 1);
  receive(error(0, "disk on fire"), 2);
  EXPECT_EQ(get.state(), State::Failed);
  EXPECT_EQ(get.error().code, Errc::Io);
}

TEST_F(TftpTrace, StrangerIsToldAndIgnored) {
  get.start("f", {0});
  receive(data(1, 512), 1);
  receive(data(2, 100), 2, 555);
  EXPECT_EQ(wire.sent.back().port, 555);
  EXPECT_EQ(last()[1], 5);
  EXPECT_EQ(last()[3], 5);
  EXPECT_EQ(file.text.size(), 512u);
  size_t sent = wire.sent.size();
  receive(error(5, "who are you"), 3, 556);  // and an ERROR is never answered
  EXPECT_EQ(wire.sent.size(), sent);
  EXPECT_EQ(get.state(), State::Receiving);
}

TEST_F(TftpTrace, RepeatedBlockIsWrittenOnceAndAnsweredWithoutBreeding) {
  get.start("f", {0});
  receive(data(1, 512), 10);
  size_t sent = wire.sent.size();
  receive(data(1, 512), 11);  // duplicated by the network: no second ACK
  EXPECT_EQ(wire.sent.size(), sent);
  receive(data(1, 512), 1010);  // our ACK was lost
  EXPECT_EQ(wire.sent.size(), sent + 1);
  EXPECT_EQ(last(), acknowledgement(1));
  EXPECT_EQ(file.text.size(), 512u);
}

TEST_F(TftpTrace, GapInAWindowIsReportedOnce) {
  get.start("f", {0});
  receive(oack({"blksize", "512", "windowsize", "8"}), 1);
  receive(data(1, 512), 2);
  size_t sent = wire.sent.size();
  receive(data(3, 512), 2);
  EXPECT_EQ(last(), acknowledgement(1));
  for (uint16_t block = 4; block <= 8; ++block) receive(data(block, 512), 2);
  EXPECT_EQ(wire.sent.size(), sent + 1);
  for (uint16_t block = 2; block <= 9; ++block) receive(data(block, 512), 3);
  EXPECT_EQ(last(), acknowledgement(9));
  EXPECT_EQ(file.text.size(), 9 * 512u);
}

TEST_F(TftpTrace, FileThatDoesNotFitIsRefusedBeforeItsBody) {
  file.room = 1000;
  get.start("f", {0});
  receive(oack({"tsize", "10000000000"}), 1);
  EXPECT_EQ(get.state(), State::Failed);
  EXPECT_EQ(get.error().code, Errc::NoSpace);
  EXPECT_EQ(last()[1], 5);
  EXPECT_EQ(last()[3], 3);
}

TEST_F(TftpTrace, FileThatOutgrowsMemoryIsRefused) {
  file.room = 600;
  get.start("f", {0});
  receive(data(1, 512), 1);
  receive(data(2, 512), 2);
  EXPECT_EQ(get.error().code, Errc::NoSpace);
  EXPECT_EQ(last()[3], 3);
}

TEST_F(TftpTrace, WrongTotalIsAnError) {
  get.start("f", {0});
  receive(oack({"tsize", "100"}), 1);
  receive(data(1, 99), 2);
  EXPECT_EQ(get.state(), State::Failed);
  EXPECT_NE(get.error().text.find("announced 100 bytes but sent 99"), std::string::npos);
}

TEST_F(TftpTrace, OptionsNotAskedForAreRefused) {
  for (auto options : std::vector<std::vector<std::string>>{{"blksize", "1469"},
                                                            {"blksize", "7"},
                                                            {"blksize", "x"},
                                                            {"windowsize", "65"},
                                                            {"windowsize", "0"},
                                                            {"tsize", ""},
                                                            {"tsize"}}) {
    TestWire other;
    ReadTransfer transfer{other, file, Limits{}};
    transfer.start("f", {0});
    transfer.on_packet(kTid, oack(options), {1});
    EXPECT_EQ(transfer.state(), State::Failed) << options[0];
    EXPECT_EQ(transfer.error().code, Errc::Protocol);
    EXPECT_EQ(other.sent.back().packet[3], 8);
  }
}

TEST_F(TftpTrace, BlockLongerThanAgreedIsRefused) {
  get.start("f", {0});
  receive(data(1, 513), 1);
  EXPECT_EQ(get.error().code, Errc::Protocol);
}

TEST_F(TftpTrace, CancelTellsTheServer) {
  get.start("f", {0});
  receive(data(1, 512), 1);
  get.cancel();
  EXPECT_EQ(last()[1], 5);
  EXPECT_EQ(wire.sent.back().port, kTid);
  EXPECT_EQ(get.error().code, Errc::Cancelled);
}

TEST_F(TftpTrace, SilenceEndsWithAMessage) {
  get.start("f", {0});
  while (!get.finished()) {
    ASSERT_LE(get.deadline().ms, 20'000);
    get.on_deadline(get.deadline());
  }
  EXPECT_EQ(get.error().code, Errc::TimedOut);
  EXPECT_EQ(get.error().text,
            "no answer from TFTP port 69 in 20 s (9 requests sent); is a TFTP server running "
            "there?");
}

TEST_F(TftpTrace, DeathInTheMiddleOfWindowsIsNamed) {
  get.start("f", {0});
  receive(oack({"blksize", "1000", "windowsize", "8"}), 1);
  receive(data(1, 1000), 2);
  while (!get.finished()) get.on_deadline(get.deadline());
  EXPECT_EQ(get.error().text, "TFTP server went silent for 20 s after 1000 B");
  EXPECT_EQ(file.restarts, 1);  // lock step was tried
}

TEST_F(TftpTrace, RepeatsWithoutProgressDoNotKeepItAlive) {
  get.start("f", {0});
  receive(data(1, 512), 1);
  for (int64_t ms = 0; ms < 30'000 && !get.finished(); ms += 100) {
    get.on_deadline({ms});
    receive(data(1, 512), ms);
  }
  EXPECT_EQ(get.error().code, Errc::TimedOut);
  EXPECT_EQ(get.error().text, "TFTP server went silent for 20 s after 512 B");
}

TEST_F(TftpTrace, PathsThatNoRequestCanHold) {
  for (std::string path : {std::string(), std::string("a\0b", 3), std::string(441, 'a')}) {
    ReadTransfer transfer{wire, file, Limits{}};
    transfer.start(path, {0});
    EXPECT_EQ(transfer.error().code, Errc::Invalid);
  }
  EXPECT_TRUE(wire.sent.empty());
}

TEST_F(TftpTrace, PrefixesOfPacketsNeverHarm) {
  for (const Packet& whole : {oack({"blksize", "600", "tsize", "9", "windowsize", "2"}), data(1, 9),
                              error(1, "words"), data(2, 20)}) {
    for (size_t length = 0; length <= whole.size(); ++length) {
      Packet prefix(whole.begin(), whole.begin() + long(length));
      prefix.shrink_to_fit();
      TestWire other;
      File sink;
      ReadTransfer transfer{other, sink, Limits{}};
      transfer.start("f", {0});
      transfer.on_packet(kTid, prefix, {1});
      transfer.on_packet(kTid, data(1, 512), {2});
      transfer.on_packet(kTid, prefix, {3});
      EXPECT_LE(sink.text.size(), 1024u);
    }
  }
}

}  // namespace
}  // namespace hawser::tftp
