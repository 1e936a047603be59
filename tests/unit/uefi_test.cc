// The parts of the UEFI platform that can be had without firmware, or with little of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "arch/x86_64/uefi/call_watch.h"
#include "arch/x86_64/uefi/firmware.h"
#include "arch/x86_64/uefi/lease.h"
#include "arch/x86_64/uefi/sections.h"
#include "arch/x86_64/uefi/spare.h"
#include "arch/x86_64/uefi/variables.h"
#include "net/dhcp/message.h"

namespace hawser::uefi {
namespace {

using efi::Code;
using efi::MemoryKind;

constexpr uint64_t kMib = 1024 * 1024;

uint64_t total(const std::vector<Range>& ranges) {
  uint64_t bytes = 0;
  for (const Range& range : ranges) bytes += range.size();
  return bytes;
}

TEST(UefiSpare, LeavesTheFirmwareAQuarterOfTheLargestPiece) {
  auto spare = choose_spare({{{0, 640 * 1024}, MemoryKind::Conventional},
                             {{kMib, 8 * kMib}, MemoryKind::Conventional},
                             {{8 * kMib, 9 * kMib}, MemoryKind::BootServicesData},
                             {{9 * kMib, 10 * kMib}, MemoryKind::Conventional},
                             {{16 * kMib, 416 * kMib}, MemoryKind::Conventional},
                             {{416 * kMib, 512 * kMib}, MemoryKind::RuntimeServicesData}});
  ASSERT_EQ(spare.size(), 2u);  // not below 1 MiB, and no scraps
  EXPECT_EQ(spare[0].start, kMib);
  EXPECT_EQ(spare[0].end, 8 * kMib);
  EXPECT_EQ(spare[1].start, 16 * kMib);
  EXPECT_EQ(spare[1].end, 316 * kMib);
}

TEST(UefiSpare, TakesAllAboveFourGigabytes) {
  constexpr uint64_t kGib = 1024 * kMib;
  auto spare = choose_spare({{{kMib, 2 * kGib}, MemoryKind::Conventional},
                             {{3 * kGib, 8 * kGib}, MemoryKind::Conventional}});
  // At most 128 MiB are left, and the piece over the line is cut there.
  EXPECT_EQ(total(spare), 7 * kGib - kMib - 128 * kMib);
  for (const Range& range : spare)
    EXPECT_TRUE(range.end <= kFourGib || range.start >= kFourGib) << range.start;
}

TEST(UefiSpare, SmallMachineKeepsAll) {
  EXPECT_TRUE(choose_spare({{{kMib, 18 * kMib}, MemoryKind::Conventional}}).empty());
  EXPECT_TRUE(choose_spare({}).empty());
}

TEST(UefiSpare, KernelsMayHaveWhatIsTheFirmwaresUntilTheyRun) {
  for (auto kind : {MemoryKind::LoaderCode, MemoryKind::LoaderData, MemoryKind::BootServicesCode,
                    MemoryKind::BootServicesData, MemoryKind::Conventional})
    EXPECT_EQ(type_for_kernel(kind), MemoryType::Ram);
  for (auto kind :
       {MemoryKind::Reserved, MemoryKind::RuntimeServicesCode, MemoryKind::RuntimeServicesData,
        MemoryKind::MappedIo, MemoryKind::Unaccepted, MemoryKind(0x80000001)})
    EXPECT_EQ(type_for_kernel(kind), MemoryType::Reserved);
  EXPECT_EQ(type_for_kernel(MemoryKind::AcpiReclaim), MemoryType::AcpiReclaimable);
  EXPECT_EQ(type_for_kernel(MemoryKind::AcpiNvs), MemoryType::AcpiNvs);
  EXPECT_EQ(type_for_kernel(MemoryKind::Unusable), MemoryType::Bad);
}

TEST(UefiSpare, ParsesEntriesThatAreLargerThanTheirStructure) {
  constexpr size_t kStep = sizeof(efi::MemoryDescriptor) + 8;
  std::vector<uint8_t> map(2 * kStep + 5, 0xee);
  auto put = [&](size_t at, MemoryKind kind, uint64_t start, uint64_t pages) {
    efi::MemoryDescriptor d{kind, 0, start, 0, pages, 0};
    std::memcpy(map.data() + at, &d, sizeof d);
  };
  put(0, MemoryKind::Conventional, 0x100000, ~uint64_t{0});
  put(kStep, MemoryKind::AcpiNvs, 0x1000, 2);
  auto regions = parse_map(map, kStep);
  ASSERT_EQ(regions.size(), 2u);
  EXPECT_EQ(regions[0].range.start, 0x1000u);  // sorted
  EXPECT_EQ(regions[0].range.end, 0x3000u);
  EXPECT_GT(regions[1].range.end, regions[1].range.start);  // a length that wraps is cut
  EXPECT_TRUE(parse_map(map, 0).empty());
}

TEST(UefiText, ConvertsBothWays) {
  EXPECT_EQ(utf8(u"a\u00e9\u20ac\xd800z", 6), "a\xc3\xa9\xe2\x82\xac?z");
  EXPECT_EQ(utf8(u"ab\0cd", 5), "ab");
  EXPECT_EQ(ucs2("a\xc3\xa9\xe2\x82\xacz"), u"a\u00e9\u20acz");
  EXPECT_EQ(ucs2("\xf0\x9f\x98\x80!").back(), u'!');
  EXPECT_EQ(ucs2("\xe2\x82"), u"?");  // cut short
  EXPECT_EQ(describe(Code::OutOfResources), "Out of Resources (EFI status 9)");
  EXPECT_EQ(describe(Code(uint64_t{1} << 63 | 29)), "error (EFI status 29)");
  EXPECT_EQ(describe(Code(2)), "warning (EFI status 2)");
}

TEST(UefiDevicePath, StopsAtNodesOfNoLength) {
  const uint8_t path[] = {2, 1, 4, 0, 3, 11, 6, 0, 0xaa, 0xbb, 1, 1, 0, 0, 0x7f, 0xff, 4, 0};
  auto* first = reinterpret_cast<const efi::DevicePath*>(path);
  auto* mac = find_node(first, 3, 11);
  ASSERT_TRUE(mac);
  EXPECT_EQ(node_data(*mac).size(), 2u);
  EXPECT_EQ(node_data(*mac)[1], 0xbb);
  EXPECT_EQ(next_node(mac), nullptr);  // a node of 0 bytes would be walked for ever
  EXPECT_EQ(find_node(first, 1, 1), nullptr);
  EXPECT_EQ(find_node(nullptr, 1, 1), nullptr);
}

// --- the lease in a device path ------------------------------------------------------------------

struct Path {
  std::vector<uint8_t> bytes;

  Path& node(uint8_t type, uint8_t subtype, std::vector<uint8_t> data) {
    bytes.insert(bytes.end(), {type, subtype, uint8_t(data.size() + 4), 0});
    bytes.insert(bytes.end(), data.begin(), data.end());
    return *this;
  }
  const efi::DevicePath* end() {
    bytes.insert(bytes.end(), {0x7f, 0xff, 4, 0});
    return reinterpret_cast<const efi::DevicePath*>(bytes.data());
  }
};

const std::vector<uint8_t> kIpv4Node = {10, 0, 2, 15, 10, 0, 2, 3,   0,   0, 0, 0,
                                        0,  0, 0, 10, 0,  2, 2, 255, 255, 0, 0};

std::vector<uint8_t> dns_node(std::initializer_list<uint8_t> last_bytes) {
  std::vector<uint8_t> data{0};
  for (uint8_t last : last_bytes) {
    data.insert(data.end(), {10, 0, 2, last});
    data.resize(data.size() + 12, 0xee);
  }
  return data;
}

TEST(UefiLease, IsReadFromThePathOfAnHttpBoot) {
  Path path;
  path.node(3, 11, std::vector<uint8_t>(33)).node(3, 12, kIpv4Node).node(3, 31, dns_node({7, 8}));
  auto lease = lease_in(path.node(3, 24, {'h', 't'}).end());
  ASSERT_TRUE(lease);
  EXPECT_EQ(to_string(lease->address), "10.0.2.15");
  EXPECT_EQ(to_string(lease->server), "10.0.2.3");
  EXPECT_EQ(to_string(lease->gateway), "10.0.2.2");
  EXPECT_EQ(to_string(lease->netmask), "255.255.0.0");
  EXPECT_EQ(lease->dns, (std::vector<Ipv4>{{{10, 0, 2, 7}}, {{10, 0, 2, 8}}}));
}

TEST(UefiLease, NodesOfEveryLengthAreRead) {
  for (size_t bytes = 0; bytes <= 60; ++bytes) {
    std::vector<uint8_t> data = kIpv4Node;
    data.resize(bytes);
    Path path;
    std::vector<uint8_t> dns = dns_node({7, 8, 9});
    dns.resize(std::min(bytes, dns.size()));
    auto lease = lease_in(path.node(3, 12, data).node(3, 31, dns).end());
    ASSERT_EQ(lease.has_value(), bytes >= 15) << bytes;
    if (!lease) continue;
    EXPECT_EQ(lease->netmask.any(), bytes < 23) << bytes;
    EXPECT_EQ(lease->gateway.any(), bytes < 23) << bytes;
    EXPECT_EQ(lease->dns.size(), std::min<size_t>((bytes - 1) / 16, 3)) << bytes;
  }
}

TEST(UefiLease, IsNoneWithoutAnAddress) {
  Path none, unset, ipv6_dns;
  EXPECT_FALSE(lease_in(none.node(3, 13, std::vector<uint8_t>(39, 1)).end())) << "IPv6";
  EXPECT_FALSE(lease_in(unset.node(3, 12, std::vector<uint8_t>(23)).end()));
  EXPECT_FALSE(lease_in(nullptr));
  std::vector<uint8_t> dns = dns_node({7});
  dns[0] = 1;
  auto lease = lease_in(ipv6_dns.node(3, 12, kIpv4Node).node(3, 31, dns).end());
  ASSERT_TRUE(lease);
  EXPECT_TRUE(lease->dns.empty());
}

TEST(UefiLease, SaysTheSameAsADhcpAck) {
  const uint8_t mac[33] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
  PathLease lease{{{10, 0, 2, 15}},
                  {{255, 255, 0, 0}},
                  {{10, 0, 2, 2}},
                  {{10, 0, 2, 3}},
                  {{{10, 0, 2, 7}}, {{10, 0, 2, 8}}}};
  auto answer = dhcp::parse_answer(as_dhcp_ack(lease, mac, "http://10.0.2.3/hawser.efi"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->type, dhcp::Type::Ack);
  EXPECT_EQ(to_string(answer->chaddr), "52:54:00:12:34:56");
  EXPECT_EQ(answer->reply.siaddr, lease.server);
  EXPECT_EQ(answer->reply.filename(), "http://10.0.2.3/hawser.efi");
  IpConfig config = dhcp::config_of(answer->reply);
  EXPECT_EQ(config.address, lease.address);
  EXPECT_EQ(config.netmask, lease.netmask);
  EXPECT_EQ(config.gateway, lease.gateway);
  EXPECT_EQ(config.dns, lease.dns);

  answer = dhcp::parse_answer(as_dhcp_ack({.address = lease.address}, {}, std::string(256, 'x')));
  ASSERT_TRUE(answer) << "with nothing else told, and a URI that fits into no option";
  EXPECT_EQ(answer->reply.options.size(), 1u);
}

TEST(UefiLease, VlansHaveNumbersFrom1To4094) {
  auto vlan = [](std::vector<uint8_t> data) {
    Path path;
    return vlan_in(path.node(3, 11, std::vector<uint8_t>(33)).node(3, 20, data).end());
  };
  EXPECT_EQ(vlan({0x64, 0}), 100);
  EXPECT_EQ(vlan({0xfe, 0x0f}), 4094);
  for (const auto& data : std::vector<std::vector<uint8_t>>{
           {0, 0}, {0xff, 0x0f}, {0x64, 0x10}, {0xff, 0xff}, {100}, {}})
    EXPECT_FALSE(vlan(data));
}

std::vector<uint8_t> image_with_section(std::string_view name, uint32_t at, uint32_t bytes) {
  std::vector<uint8_t> image(0x400);
  auto put = [&](size_t where, uint32_t value) { std::memcpy(&image[where], &value, 4); };
  put(0x3c, 0x40);
  put(0x40, 0x4550);
  image[0x46] = 2;     // sections
  image[0x54] = 0xf0;  // of the optional header
  size_t row = 0x40 + 24 + 0xf0 + 40;
  std::copy(name.begin(), name.end(), image.begin() + row);
  put(row + 8, bytes);
  put(row + 12, at);
  return image;
}

TEST(UefiSections, AreFoundWithinTheImageOnly) {
  auto image = image_with_section(".pack", 0x300, 0x100);
  Bytes found = find_section(image, ".pack");
  EXPECT_EQ(found.data(), image.data() + 0x300);
  EXPECT_EQ(found.size(), 0x100u);
  EXPECT_TRUE(find_section(image, ".pac").empty());
  EXPECT_TRUE(find_section(image_with_section(".pack", 0x300, 0x101), ".pack").empty());
  EXPECT_TRUE(find_section(image_with_section(".pack", 0xffffffff, 0xffffffff), ".pack").empty());
  for (size_t bytes = 0; bytes < image.size(); ++bytes)
    EXPECT_TRUE(find_section(Bytes{image}.first(bytes), ".pack").empty()) << bytes;
}

// --- calls that do not return
// ---------------------------------------------------------------------

TEST(UefiCallWatch, NamesACallOnceItHasLastedTenSeconds) {
  CallWatch watch;
  auto ticks_to_report = [&] {
    for (unsigned ticks = 1; ticks < 200; ++ticks)
      if (auto report = watch.tick()) return std::pair(ticks, std::string(report->call));
    return std::pair(0u, std::string());
  };
  EXPECT_EQ(ticks_to_report().first, 0u) << "nothing is under way";
  const char* outer = watch.enter("Start()");
  EXPECT_EQ(ticks_to_report(), std::pair(11u, std::string("Start()"))) << "the first sees it begin";
  EXPECT_EQ(ticks_to_report().first, 50u) << "again after a minute";
  watch.leave(watch.enter("Stop()"));
  EXPECT_EQ(ticks_to_report(), std::pair(11u, std::string("Start()"))) << "one inside has returned";
  watch.leave(outer);
  EXPECT_EQ(ticks_to_report().first, 0u);
  for (int i = 0; i < 100; ++i) {
    outer = watch.enter("Receive()");
    EXPECT_FALSE(watch.tick()) << "a new one each time";
    watch.leave(outer);
  }
}

// --- the end of boot services
// ---------------------------------------------------------------------

TEST(UefiExit, AsksForTheMapAgainWhenItsKeyIsStale) {
  static uint64_t key, stale;
  static int asked;
  efi::BootServices services{};
  services.get_memory_map = [](uint64_t* bytes, efi::MemoryDescriptor*, uint64_t* its_key,
                               uint64_t* step, uint32_t*) EFIAPI {
    ++asked;
    *bytes = *step = sizeof(efi::MemoryDescriptor);
    *its_key = key;
    return Code::Success;
  };
  services.exit_boot_services = [](efi::Handle, uint64_t its_key) EFIAPI {
    if (stale > 0) {  // a timer of some driver has allocated memory meanwhile
      ++key;
      --stale;
    }
    return its_key == key ? Code::Success : Code::InvalidParameter;
  };
  efi::SystemTable table{};
  table.boot = &services;
  system_table = &table;
  key = 7, stale = 3, asked = 0;
  LastMap left;
  EXPECT_EQ(exit_boot_services(left), Code::Success);
  EXPECT_EQ(asked, 4);
  EXPECT_EQ(left.rows.size(), sizeof(efi::MemoryDescriptor));
  EXPECT_EQ(left.row_bytes, sizeof(efi::MemoryDescriptor));
  stale = 1000;
  EXPECT_EQ(exit_boot_services(left), Code::InvalidParameter) << "it is not tried for ever";
  system_table = nullptr;
}

// --- variables
// ------------------------------------------------------------------------------------

struct FakeVariables {
  struct Row {
    std::u16string name;
    efi::Guid vendor;
    std::vector<uint8_t> value;
  };
  std::vector<Row> rows;
  int listings = 0;
  efi::RuntimeServices services{};
  efi::SystemTable table{};
  static FakeVariables* self;

  FakeVariables() {
    self = this;
    services.get_next_variable_name = [](uint64_t* bytes, char16_t* name,
                                         efi::Guid* vendor) EFIAPI {
      size_t next = 0;
      if (*name) {
        while (self->rows[next].name != name || !(self->rows[next].vendor == *vendor)) ++next;
        ++next;
      } else {
        ++self->listings;
      }
      if (next == self->rows.size()) return Code::NotFound;
      const Row& row = self->rows[next];
      uint64_t needs = 2 * row.name.size() + 2, room = *bytes;
      *bytes = needs;
      if (room < needs) return Code::BufferTooSmall;
      std::memcpy(name, row.name.c_str(), needs);
      *vendor = row.vendor;
      return Code::Success;
    };
    services.get_variable = [](const char16_t* name, const efi::Guid* vendor, uint32_t*,
                               uint64_t* bytes, void* out) EFIAPI {
      for (const Row& row : self->rows) {
        if (row.name != name || !(row.vendor == *vendor)) continue;
        uint64_t room = *bytes;
        *bytes = row.value.size();
        if (room < row.value.size()) return Code::BufferTooSmall;
        std::copy(row.value.begin(), row.value.end(), static_cast<uint8_t*>(out));
        return Code::Success;
      }
      return Code::NotFound;
    };
    table.runtime = &services;
    system_table = &table;
  }
  ~FakeVariables() { system_table = nullptr; }
};
FakeVariables* FakeVariables::self = nullptr;

TEST(UefiVariables, AreFoundByNameWhateverTheirSizes) {
  FakeVariables firmware;
  std::u16string long_name(300, u'n');
  std::vector<uint8_t> large(5000, 7);
  firmware.rows = {{u"A", {1, 0, 0, {}}, {1}},
                   {long_name, {1, 0, 0, {}}, {2, 2}},
                   {u"B", {1, 0, 0, {}}, large},
                   {u"A", {2, 0, 0, {}}, {3}},
                   {u"Empty", {2, 0, 0, {}}, {}}};
  Variables variables;
  EXPECT_EQ(variables.find("A"), std::vector<uint8_t>{1});  // of the first vendor
  EXPECT_EQ(variables.find(std::string(300, 'n')), (std::vector<uint8_t>{2, 2}));
  EXPECT_EQ(variables.find("B"), large);
  EXPECT_EQ(variables.find("Empty"), std::vector<uint8_t>{});
  EXPECT_EQ(variables.find("a"), std::nullopt);
  EXPECT_EQ(firmware.listings, 1);
}

}  // namespace
}  // namespace hawser::uefi
