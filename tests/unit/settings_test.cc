// The tree of settings: blocks, order of search, writes that act, listings, SMBIOS.
#include "src/settings/settings.h"

#include <gmock/gmock.h>

#include "src/settings/smbios.h"
#include "tests/unit/script_fixture.h"

namespace hawser {
namespace {

using testing::Contains;

class SettingsTest : public ScriptTest {};

std::string show(const Settings& settings, std::string_view name) {
  return settings.get(name).value_or("(none)");
}

TEST_F(SettingsTest, ReadsInterfacesAndLeases) {
  struct Case {
    std::string_view name, value;
  };
  for (Case c : {
           Case{"mac", "52:54:00:12:34:56"},
           {"net0/mac:hexhyp", "52-54-00-12-34-56"},
           {"netX/mac:hexraw", "525400123456"},
           {"net0/hwaddr", "52:54:00:12:34:56"},
           {"ifname", "net0"},
           {"bustype", "PCI"},
           {"busloc", "0x10"},
           {"busid", "01:80:86:10:0e"},
           {"chip", "82540em"},
           {"linktype", "Ethernet"},
           {"mtu", "1500"},
           {"ip", "10.0.2.15"},
           {"net0/ip", "10.0.2.15"},
           {"net0.dhcp/ip", "10.0.2.15"},
           {"175.2:ipv4", "10.0.2.15"},
           {"netmask", "255.255.255.0"},
           {"1:ipv4", "255.255.255.0"},
           {"0x1", "255.255.255.0"},
           {"gateway", "10.0.2.2"},
           {"dns", "10.0.2.3"},
           {"domain", "lab"},
           {"domain:hex", "6c:61:62:00"},
           {"next-server", "10.0.2.2"},
           {"filename", "boot.ipxe"},
           {"67", "boot.ipxe"},
           {"43.9", "hi"},
           {"net0.dhcp/43.116:string", "x"},
           {"43.117", "(none)"},
           {"no-pxedhcp", "0x1"},
           {"175.0xb0:uint8", "0x1"},
           {"175.176.1", "(none)"},
           {"net1/mac", "(none)"},
           {"net0.proxydhcp/ip", "(none)"},
           {"nosuch", "(none)"},
           {"", "(none)"},
           {"/", "(none)"},
           {":string", "(none)"},
           {"net0/", "(none)"},
           {"errno", "0x0"},
           {"platform", "host"},
           {"buildarch", "x86_64"},
           {"version", "1.2"},
           {"builtin/version", "1.2"},
           {"unixtime:int32", "1767225600"},
           {"memsize", "0"},
       })
    EXPECT_EQ(show(settings, c.name), c.value) << c.name;
  EXPECT_EQ(settings.ipv4("next-server"), (Ipv4{{10, 0, 2, 2}}));
  EXPECT_EQ(settings.number("no-pxedhcp"), 1);
  EXPECT_EQ(settings.number("filename"), std::nullopt);
}

TEST_F(SettingsTest, DamagedSubOptionsGiveNothing) {
  for (std::vector<uint8_t> value :
       {std::vector<uint8_t>{}, {9}, {9, 5}, {9, 3, 1, 2}, {8, 255, 9, 1, 1}, {255, 9, 1, 1}}) {
    net0().answer->options = {{43, value}};
    net0().lease();
    EXPECT_EQ(show(settings, "43.9:hex"), "(none)");
  }
  net0().answer->options = {{43, {0, 0, 9, 1, 7, 9, 1, 8}}};
  net0().lease();
  EXPECT_EQ(show(settings, "43.9:hex"), "07");
}

TEST_F(SettingsTest, ProxyOnlyFillsGapsUnlessItRanksHigher) {
  DhcpReply proxy;
  proxy.siaddr = {{10, 0, 2, 9}};
  proxy.file = "proxy.ipxe";
  proxy.options = {{60, {'P', 'X', 'E'}}};
  net0().proxy_answer = proxy;
  net0().lease();
  EXPECT_EQ(show(settings, "filename"), "boot.ipxe");
  EXPECT_EQ(show(settings, "vendor-class"), "PXE");
  EXPECT_EQ(show(settings, "proxydhcp/filename"), "proxy.ipxe");
  EXPECT_EQ(show(settings, "proxydhcp/next-server"), "10.0.2.9");
  proxy.options.push_back({175, {1, 1, 5}});
  net0().proxy_answer = proxy;
  net0().lease();
  EXPECT_EQ(show(settings, "filename"), "proxy.ipxe");
  EXPECT_EQ(show(settings, "ip"), "10.0.2.15");
}

TEST_F(SettingsTest, LaterInterfacesAreFound) {
  fakes::FakeInterface& net1 = network.add_interface(0x18);
  net1.card.address = {{2, 0, 0, 0, 0, 9}};
  EXPECT_EQ(show(settings, "net1/mac"), "02:00:00:00:00:09");
  EXPECT_EQ(show(settings, "mac"), "52:54:00:12:34:56");
  EXPECT_EQ(show(settings, "net1/ip"), "(none)");
}

TEST_F(SettingsTest, WritingAnAddressConfiguresTheInterface) {
  ASSERT_TRUE(settings.set("net0/ip", "192.168.7.5").ok());
  EXPECT_EQ(to_string(net0().config().address), "192.168.7.5");
  EXPECT_EQ(to_string(net0().config().netmask), "255.255.255.0");  // the lease's
  ASSERT_TRUE(settings.set("net0/gateway", "192.168.7.1").ok());
  ASSERT_TRUE(settings.set("netX/netmask", "255.255.0.0").ok());
  EXPECT_EQ(to_string(net0().config().gateway), "192.168.7.1");
  EXPECT_EQ(to_string(net0().config().netmask), "255.255.0.0");
  ASSERT_EQ(net0().config().dns.size(), 2u);
  EXPECT_EQ(to_string(net0().config().dns[1]), "10.0.2.4");
  ASSERT_TRUE(settings.set("net0/mtu", "1400").ok());
  EXPECT_EQ(net0().config().mtu, 1400);
  EXPECT_EQ(show(settings, "net0/ip"), "192.168.7.5");
  EXPECT_EQ(show(settings, "net0.dhcp/ip"), "10.0.2.15");

  ASSERT_TRUE(settings.clear("net0/ip").ok());
  EXPECT_EQ(to_string(net0().config().address), "10.0.2.15");
}

TEST_F(SettingsTest, TheAddressOfAClosedCardCanBeChanged) {
  Status open = settings.set("net0/mac", "02:00:00:00:00:01");
  ASSERT_FALSE(open.ok());
  EXPECT_EQ(open.error().code, Errc::NotPermitted);
  EXPECT_EQ(show(settings, "net0/mac"), "52:54:00:12:34:56");
  net0().close();
  EXPECT_TRUE(settings.clear("net0/mac").ok());  // nothing to restore
  ASSERT_TRUE(settings.set("net0/mac", "02:00:00:00:00:01").ok());
  EXPECT_EQ(show(settings, "net0/mac"), "02:00:00:00:00:01");
  EXPECT_EQ(show(settings, "net0/hwaddr"), "52:54:00:12:34:56");
  for (std::string_view bad : {"01:00:00:00:00:01", "00:00:00:00:00:00", "02:00:00:00:00", "x"})
    EXPECT_FALSE(settings.set("net0/mac", bad).ok()) << bad;
  EXPECT_EQ(show(settings, "net0/mac"), "02:00:00:00:00:01");
  ASSERT_TRUE(net0().open().ok());
  EXPECT_FALSE(settings.clear("net0/mac").ok());
  net0().close();
  ASSERT_TRUE(settings.clear("net0/mac").ok());
  EXPECT_EQ(show(settings, "net0/mac"), "52:54:00:12:34:56");
}

TEST_F(SettingsTest, ReadsProcessorRegisters) {
  platform.cpuid_leaves = {{0, {1, 0x756e6547, 0x6c65746e, 0x49656e69}},
                           {1, {0x000306a9, 0x100800, 0, 0xbfebfbff}},
                           {0x80000000, {0x80000001, 0, 0, 0}},
                           {0x80000001, {0, 0, 1, 0x20000000}}};
  EXPECT_EQ(show(settings, "cpuid/1.0.0"), "000306a9");
  EXPECT_EQ(show(settings, "cpuid/1.0.3"), "bfebfbff");
  EXPECT_EQ(show(settings, "cpuid/0.0.1:uint32"), "0x756e6547");
  EXPECT_EQ(show(settings, "cpuid/0x80000001.0.3"), "20000000");
  for (std::string_view missing : {"cpuid/2.0.0", "cpuid/1.0.4", "cpuid/1.0", "cpuid/1.0.0.0",
                                   "cpuid/0x80000002.0.0", "cpuid/0x1000000001.0.0"})
    EXPECT_EQ(show(settings, missing), "(none)") << missing;
}

TEST_F(SettingsTest, ReadsAcpiTables) {
  std::vector<uint8_t> table(40);
  for (size_t i = 0; i < table.size(); ++i) table[i] = uint8_t(i);
  platform.acpi_tables["APIC"] = table;
  EXPECT_EQ(show(settings, "acpi/0x41504943.0.0.0.4"), "00010203");
  EXPECT_EQ(show(settings, "acpi/0x41504943.0.0.36.4:hex"), "24:25:26:27");
  EXPECT_EQ(show(settings, "acpi/0x41504943.0.0.38.0"), "2627");
  for (std::string_view missing :
       {"acpi/0x41504943.0.0.37.4", "acpi/0x41504943.1.0.0.4", "acpi/0x41504943.0.1.0.4",
        "acpi/0x41504943.0.0.41.0", "acpi/0x43495041.0.0.0.4", "acpi/0x41504943.0.0.4"})
    EXPECT_EQ(show(settings, missing), "(none)") << missing;
}

TEST_F(SettingsTest, ReadsFilesThatQemuWasGiven) {
  platform.fw_cfg_files = {{"opt/org.example/name", {'a', ' ', 'b'}}, {"plain", {'x'}}};
  EXPECT_EQ(show(settings, "fw_cfg/opt/org.example/name"), "a b");
  EXPECT_EQ(show(settings, "fw_cfg/opt/org.example/name:hexraw"), "612062");
  EXPECT_EQ(show(settings, "fw_cfg/opt/org.example/other"), "(none)");
  EXPECT_EQ(show(settings, "plain"), "(none)");  // a variable of that name is another thing
  EXPECT_FALSE(settings.set("fw_cfg/opt/org.example/name", "x").ok());
}

TEST_F(SettingsTest, KeepsTheEndOfWhatWasPrinted) {
  console.print("first\n");
  EXPECT_EQ(show(settings, "dmesg"), "first\n");
  console.print(std::string(20'000, 'x') + "last");
  std::string text = show(settings, "builtin/dmesg");
  EXPECT_EQ(text.size(), 8192u);
  EXPECT_EQ(text.substr(8186), "xxlast");
  for (int i = 0; i < 20'000; ++i) console.print("y");
  EXPECT_EQ(show(settings, "dmesg"), std::string(8192, 'y'));
}

TEST_F(SettingsTest, StaticAddressWithoutALease) {
  net0().close();
  ASSERT_TRUE(settings.set("net0/ip", "172.16.0.9").ok());
  EXPECT_TRUE(net0().config().address.any());  // 0.0.0.0: nothing can be set while it is closed
  ASSERT_TRUE(net0().open().ok());
  ASSERT_TRUE(settings.apply(net0()).ok());
  EXPECT_EQ(to_string(net0().config().address), "172.16.0.9");
  EXPECT_EQ(to_string(net0().config().netmask), "255.255.0.0");  // by its class
  ASSERT_TRUE(settings.clear("net0/ip").ok());
  EXPECT_EQ(to_string(net0().config().address), "0.0.0.0");
}

TEST_F(SettingsTest, ALeaseIsLeftAloneWhenNothingWasSetByHand) {
  IpConfig odd;
  odd.address = {{1, 2, 3, 4}};
  ASSERT_TRUE(net0().configure(odd).ok());
  ASSERT_TRUE(settings.set("net0/foo", "x").ok());
  ASSERT_TRUE(settings.apply(net0()).ok());
  EXPECT_EQ(to_string(net0().config().address), "1.2.3.4");
}

TEST_F(SettingsTest, HowHttpGoesAboutItIsForTheNetwork) {
  ASSERT_TRUE(settings.set("proxy", "http://p:8").ok());
  ASSERT_TRUE(settings.set("no-proxy", "lan x.example").ok());
  ASSERT_TRUE(settings.set("insecure-redirects", "1").ok());
  EXPECT_EQ(network.http.connections, 4u);
  ASSERT_TRUE(settings.set("http-connections", "1").ok());
  EXPECT_EQ(network.http.connections, 1u);
  EXPECT_EQ(network.http.proxy, "http://p:8");
  EXPECT_EQ(network.http.no_proxy, "lan x.example");
  EXPECT_TRUE(network.http.insecure_redirects);
  ASSERT_TRUE(settings.set("insecure-redirects", "0").ok());
  EXPECT_FALSE(network.http.insecure_redirects);
  ASSERT_TRUE(settings.set("net0/proxy", "http://q").ok());
  EXPECT_EQ(network.http.proxy, "http://p:8") << "one of another block is not ours";
  ASSERT_TRUE(settings.clear("proxy").ok());
  EXPECT_EQ(network.http.proxy, "");
  ASSERT_TRUE(settings.clear("http-connections").ok());
  EXPECT_EQ(network.http.connections, 4u);
}

TEST_F(SettingsTest, NameServersAtTheRootHoldForAll) {
  ASSERT_TRUE(settings.set("dns", "9.9.9.9").ok());
  EXPECT_EQ(network.dns, (std::vector<Ipv4>{{{9, 9, 9, 9}}}));
  EXPECT_EQ(network.domain, std::string("lab\0", 4));
  ASSERT_TRUE(settings.set("domain", "example.org").ok());
  EXPECT_EQ(network.domain, "example.org");
  ASSERT_TRUE(settings.clear("dns").ok());
  EXPECT_EQ(network.dns.size(), 2u);
}

TEST_F(SettingsTest, ClockCanBeSet) {
  ASSERT_TRUE(settings.set("builtin/unixtime", "1000").ok());
  EXPECT_EQ(show(settings, "unixtime:int32"), "1000");
  ASSERT_TRUE(settings.set("unixtime", "7").ok());  // a variable, which hides the clock
  EXPECT_EQ(show(settings, "unixtime:int32"), "7");
  EXPECT_EQ(show(settings, "builtin/unixtime:int32"), "1000");
}

TEST_F(SettingsTest, ListsEverything) {
  ASSERT_TRUE(settings.set("menu-default", "x").ok());
  ASSERT_TRUE(settings.set("net0/foo", "y").ok());
  std::vector<std::string> lines;
  for (const Settings::Listed& row : settings.list())
    lines.push_back(row.block + "/" + row.name + ":" + std::string(name_of(row.type)) + "=" +
                    row.value);
  for (std::string_view line :
       {"/menu-default:string=x", "builtin/version:string=1.2", "net0/foo:string=y",
        "net0/mac:hex=52:54:00:12:34:56", "net0.dhcp/ip:ipv4=10.0.2.15",
        "net0.dhcp/filename:string=boot.ipxe", "net0.dhcp/53:string=\x05"})
    EXPECT_THAT(lines, Contains(std::string(line)));
}

TEST_F(SettingsTest, DeepAndOddNamesAreHarmless) {
  EXPECT_TRUE(settings.set("a.b.c.d.e.f.g.h/x", "1").ok());
  EXPECT_EQ(show(settings, "a.b.c.d.e.f.g.h/x"), "1");
  EXPECT_FALSE(settings.set("a.b.c.d.e.f.g.h.i/x", "1").ok());
  EXPECT_FALSE(settings.set("", "1").ok());
  EXPECT_FALSE(settings.set("a/", "1").ok());
  EXPECT_TRUE(settings.set("999999999999999999999", "big").ok());
  EXPECT_EQ(show(settings, "999999999999999999999"), "big");
  EXPECT_TRUE(settings.set("1.2.3.4.5.6.7.8.9", "ip-like").ok());
  EXPECT_EQ(show(settings, "1.2.3.4.5.6.7.8.9"), "ip-like");
  EXPECT_EQ(show(settings, "net0.dhcp/1.2.3.4.5.6.7.8"), "(none)");
}

TEST_F(SettingsTest, KeepsManyInTheirOrder) {
  auto number = [](int i) { return std::to_string(i); };
  auto name = [&](int i) { return i % 10 ? "many/v" + number(i) : "many/" + number(1000 + i); };
  constexpr int kMany = 10'000;
  for (int i = 0; i < kMany; ++i) ASSERT_TRUE(settings.set(name(i), "x" + number(i)).ok());
  for (int i = 0; i < kMany; ++i)
    if (i % 3) ASSERT_TRUE(settings.clear(name(i)).ok());
  for (int i = 0; i < kMany; i += 2) ASSERT_TRUE(settings.set(name(i), "y" + number(i)).ok());
  auto expected = [&](int i) { return i % 2 ? "x" + number(i) : "y" + number(i); };
  for (int i = 0; i < kMany; ++i)
    ASSERT_EQ(show(settings, name(i) + ":string"), i % 3 && i % 2 ? "(none)" : expected(i));
  std::vector<std::string> listed, order;
  for (const auto& row : settings.list())
    if (row.block == "many") listed.push_back(row.name);
  for (int i = 0; i < kMany; i += 3) order.push_back(name(i).substr(5));
  for (int i = 0; i < kMany; i += 2)
    if (i % 3) order.push_back(name(i).substr(5));
  EXPECT_EQ(listed, order);
}

TEST_F(SettingsTest, ScriptsCannotFillTheHeap) {
  for (std::string_view prefix : {"v", "net0/v", "a.b/v"}) {
    size_t stored = 0;
    Status status = ok_status();
    for (; stored < 200 && status.ok(); ++stored)
      status = settings.set(std::string(prefix) + std::to_string(stored), std::string(60000, 'x'));
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, Errc::NoSpace);
    EXPECT_GT(stored, 60u);
    for (size_t i = 0; i < stored; ++i)
      ASSERT_TRUE(settings.clear(std::string(prefix) + std::to_string(i)).ok());
  }
  EXPECT_FALSE(settings.set("big", std::string((1 << 20) + 1, 'x')).ok());
  EXPECT_TRUE(settings.set("big", std::string(1 << 20, 'x')).ok());
}

// --- SMBIOS ------------------------------------------------------------------------------------

std::vector<uint8_t> structure(uint8_t type, std::vector<uint8_t> fields, std::string strings) {
  std::vector<uint8_t> bytes{type, uint8_t(4 + fields.size()), 0, 0};
  bytes.insert(bytes.end(), fields.begin(), fields.end());
  bytes.insert(bytes.end(), strings.begin(), strings.end());
  bytes.push_back(0);
  if (strings.empty()) bytes.push_back(0);
  return bytes;
}

std::vector<uint8_t> sample_table() {
  using std::string_literals::operator""s;
  std::vector<uint8_t> table;
  auto add = [&](const std::vector<uint8_t>& part) {
    table.insert(table.end(), part.begin(), part.end());
  };
  add(structure(0, {1}, "BIOS maker\0"s));
  add(structure(1, {1,    2,    0,    3,    0x44, 0x45, 0x4c, 0x4c, 0x30, 0x00,
                    0x31, 0x10, 0x80, 0x4a, 0xb4, 0xc0, 0x4f, 0x4a, 0x4d, 0x32},
                "QEMU\0Standard PC \0SN1\0"s));
  add(structure(2, {1, 0, 0, 2}, "Board\0BSN\0"s));
  add(structure(4, {}, ""));
  add(structure(4, {7}, ""));
  add(structure(127, {}, ""));
  return table;
}

TEST_F(SettingsTest, ReadsSmbios) {
  std::vector<uint8_t> table = sample_table();
  platform.smbios_table = {table, 0x0208};
  struct Case {
    std::string_view name, value;
  };
  for (Case c : {
           Case{"uuid", "4c4c4544-0030-1031-804a-b4c04f4a4d32"},
           {"smbios/uuid:guid", "44454c4c-3000-3110-804a-b4c04f4a4d32"},
           {"uuid:hexraw", "4c4c454400301031804ab4c04f4a4d32"},
           {"manufacturer", "QEMU"},
           {"product", "Standard PC "},
           {"serial", "SN1"},
           {"asset", "(none)"},
           {"board-serial", "BSN"},
           {"smbios/1.5.0", "Standard PC "},
           {"smbios/1.0.3:string", "SN1"},
           {"smbios/1.0.4:string", "(none)"},
           {"smbios/2.4.0:string", "Board"},
           {"smbios/2.5.0:string", "(none)"},  // string number 0
           {"smbios/2.4.4:hex", "01:00:00:02"},
           {"smbios/2.4.5:hex", "(none)"},
           {"smbios/4.0.0:hexraw", "04040000"},
           {"smbios/1.4.0.0:hexraw", "0405000007"},
           {"smbios/2.4.0.0:hexraw", "(none)"},
           {"smbios/9.4.0", "(none)"},
       })
    EXPECT_EQ(show(settings, c.name), c.value) << c.name;
  ASSERT_TRUE(settings.machine_uuid());
  EXPECT_EQ((*settings.machine_uuid())[0], 0x44);  // as stored

  platform.smbios_table.version = 0x0205;
  EXPECT_EQ(show(settings, "uuid"), "44454c4c-3000-3110-804a-b4c04f4a4d32");
}

TEST_F(SettingsTest, AbsentUuidIsNotShown) {
  for (uint8_t filler : {0x00, 0xff}) {
    std::vector<uint8_t> fields(20, filler);
    auto table = structure(1, fields, "");
    platform.smbios_table = {table, 0x0208};
    EXPECT_EQ(show(settings, "uuid"), "(none)");
    EXPECT_FALSE(settings.machine_uuid());
  }
}

TEST(Smbios, SurvivesEveryPrefix) {
  std::vector<uint8_t> table = sample_table();
  for (size_t n = 0; n < table.size(); ++n) {
    std::vector<uint8_t> prefix(table.begin(), table.begin() + ptrdiff_t(n));  // exact, for ASan
    for (uint8_t type : {0, 1, 2, 4, 127})
      if (auto found = find_structure(prefix, type))
        for (unsigned number = 0; number < 5; ++number) (void)structure_string(*found, number);
  }
  std::vector<uint8_t> short_length{1, 3, 0, 0, 0, 0};
  EXPECT_FALSE(find_structure(short_length, 1));
}

}  // namespace
}  // namespace hawser
