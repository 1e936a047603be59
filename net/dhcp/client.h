// The DHCP client as a machine: packets and time in, packets out (RFC 2131, PXE 2.1, with iPXE's
// options and its rules for ProxyDHCP).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/dhcp/message.h"
#include "src/base/address.h"
#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/base/time.h"
#include "src/network.h"

namespace hawser::dhcp {

/// Who asks, and what is sent about it.
struct ClientSettings {
  Mac mac;
  uint8_t bus_type = 1;  ///< option 175.177: 1 is PCI
  uint16_t vendor = 0, device = 0;
  DhcpSettings request;
  /// The interface has an address, so a unicast answer to a new one might not be taken.
  bool ask_for_broadcast = false;
  uint32_t xid = 0;  ///< random; also counts on for each new start
};

/// What the machine needs from outside. Called from within its events.
class Carrier {
 public:
  virtual ~Carrier() = default;
  /// Sends from port 68; from 0.0.0.0 when `to` is broadcast, else from the leased address.
  virtual void send(Bytes packet, Ipv4 to, uint16_t port) = 0;
  /// The address is ours from now on. ProxyDHCP questions may follow, by unicast.
  virtual void bound(const DhcpReply& ack) = 0;
};

/// One exchange, from DISCOVER to a lease and the boot information that goes with it.
///
///   Discovering --usable offer--> Requesting --ACK--> [AskingProxy] -> [AskingBootServer] -> Bound
///        \--- 15 s without an offer; 15 s without an ACK; refused 4 times ---> Failed
///
/// An offer with boot information is taken at once. One without is taken when a ProxyDHCP offer is
/// there, or 2 s after the start.
class Client {
 public:
  enum class State : uint8_t {
    Idle,
    Discovering,
    Requesting,
    AskingProxy,       ///< REQUEST to port 4011 of the ProxyDHCP server, whose offer names no file
    AskingBootServer,  ///< PXE boot server discovery for the first item of a boot menu
    Bound,
    Failed,
  };

  /// Borrows `carrier`.
  Client(Carrier& carrier, ClientSettings settings);

  void start(Millis now);
  /// A packet that came to port 68. Malformed, foreign and unexpected ones are ignored.
  void on_packet(Bytes packet, Ipv4 from, uint16_t from_port, Millis now);
  /// Early calls do nothing.
  void on_deadline(Millis now);
  /// Another host uses the leased address: tells the server (DECLINE, RFC 2131 §3.1 step 5) and
  /// starts anew after a second, at most three times.
  void on_conflict(const Mac& other, Millis now);

  /// Frames may not get through before this: DISCOVERs go on until then, at short intervals, and for
  /// a last try after it.
  void be_patient(Millis until) { patient_until_ = until; }
  /// Frames get through from now on: without an offer so far, the tries begin anew.
  void hurry(Millis now);

  /// Begins with a lease that somebody else got: Bound, for as long as nobody says otherwise.
  void adopt(DhcpReply ack, std::optional<DhcpReply> proxy);
  /// Looks for a PXE boot server of this type as the lease's PXE options say (PXE 2.1 §2.2); only
  /// when Bound. Ends in Bound again; boot_server() is what answered.
  void find_boot_server(uint16_t type, Millis now);
  const std::optional<DhcpReply>& boot_server() const { return boot_server_; }

  State state() const { return state_; }
  bool done() const { return state_ == State::Bound || state_ == State::Failed; }
  /// When on_deadline() is due; kNever when nothing is awaited.
  Millis deadline() const { return deadline_; }
  /// Only when Failed.
  const Error& error() const { return *error_; }
  /// What is under way, for a progress line.
  std::string note() const;

  /// The DHCPACK, from bound() on. If it has a PXE boot menu, its file and next server are those of
  /// the boot server that was found.
  const std::optional<DhcpReply>& ack() const { return ack_; }
  /// The answer of a ProxyDHCP server or PXE boot server, when there was one.
  const std::optional<DhcpReply>& proxy() const { return proxy_reply_; }
  /// "ProxyDHCP server 10.0.2.3 (...) is used, not 10.0.2.4 (...): ...", for people; one sentence for
  /// each server that lost, empty when at most one answered.
  const std::string& contest() const { return contest_; }
  /// When the lease ends; kNever for an unlimited one. Only when Bound.
  Millis lease_end() const { return lease_end_; }

 private:
  struct Offer {
    Answer answer;
    Ipv4 server;                ///< option 54, else where it came from
    bool named_itself = false;  ///< it has an option 54
    int priority = 0;
  };

  void discover(Millis now);
  void enter(State state, Millis now);
  void resend(Millis now);
  Millis chance(Millis interval) const;
  void request();
  void ask_proxy();
  void ask_boot_servers();
  RequestWriter writer(Type type, bool with_ciaddr) const;
  void arm();
  bool patient(Millis now) const;
  void give_up(Millis now);
  void restart_after_pause(Millis now);

  void on_offer(Offer offer, uint16_t from_port, Millis now);
  void on_request_answer(Offer offer, uint16_t from_port, Millis now);
  void on_nak(const Offer& nak, Millis now);
  void consider_proxy(Offer offer);
  void keep_proxy_reply(const Offer& offer);
  void boot_from_menu();
  void take_ack(const Offer& ack, Millis now);
  void after_proxy(Millis now);
  void look_for_boot_servers(Millis now);
  void finish();
  void fail(Errc code, std::string text);

  Carrier& carrier_;
  ClientSettings settings_;
  State state_ = State::Idle;
  Millis started_{0};  ///< of this round of discovery
  Millis deadline_ = kNever;
  Millis next_send_{0};
  Millis due_{0};  ///< next_send_ without its share of chance
  Millis interval_{0};  ///< until the send after next_send_
  int sent_ = 0;        ///< packets sent in this state
  int refusals_ = 0, declines_ = 0;
  int ignored_ = 0;  ///< packets that could not be used
  uint32_t xid_ = 0;
  std::optional<Offer> offer_, proxy_;
  std::optional<DhcpReply> ack_, proxy_reply_, boot_server_;
  std::string contest_;
  bool on_demand_ = false;          ///< the boot server is asked for by find_boot_server()
  std::vector<Ipv4> boot_servers_;  ///< where to look, one after another
  uint16_t boot_item_ = 0;
  Millis lease_end_ = kNever;
  std::optional<Error> error_;
  std::optional<Millis> patient_until_;
};

}  // namespace hawser::dhcp
