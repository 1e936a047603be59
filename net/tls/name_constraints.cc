#include "net/tls/name_constraints.h"

#include <algorithm>
#include <optional>

#include "mbedtls/asn1.h"
#include "net/tls/certificate.h"
#include "src/base/address.h"
#include "src/base/format.h"
#include "src/base/text.h"

namespace hawser::tls {
namespace {

constexpr int kSequence = MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE;
constexpr int kSet = MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SET;
// GeneralName (RFC 5280 §4.2.1.6), and the two lists of NameConstraints.
constexpr int kDnsName = MBEDTLS_ASN1_CONTEXT_SPECIFIC | 2;
constexpr int kIpAddress = MBEDTLS_ASN1_CONTEXT_SPECIFIC | 7;
constexpr int kDirectoryName = MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED | 4;
constexpr int kPermitted = MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED | 0;
constexpr int kExcluded = MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED | 1;

constexpr uint8_t kNameConstraints[] = {0x55, 0x1d, 0x1e};
constexpr size_t kShown = 80;

/// "example" is for itself and all below it, ".example" only for what is below.
bool dns_within(std::string_view name, std::string_view base) {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (base.empty()) return true;
  if (base.size() > name.size()) return false;
  std::string_view end = name.substr(name.size() - base.size());
  if (!equal_ignoring_case(end, base)) return false;
  return base.front() == '.' || end.size() == name.size() ||
         name[name.size() - base.size() - 1] == '.';
}

/// `base` is an address and a mask.
bool address_within(Bytes address, Bytes base) {
  if (base.size() != 2 * address.size()) return false;
  for (size_t i = 0; i < address.size(); ++i)
    if ((address[i] ^ base[i]) & base[address.size() + i]) return false;
  return true;
}

/// One attribute of a name, without regard to the kind of string and to case.
bool same_attribute(Bytes a, Bytes b) {
  auto type_a = take_der(a, MBEDTLS_ASN1_OID), type_b = take_der(b, MBEDTLS_ASN1_OID);
  if (!type_a || !type_b || text_of(*type_a) != text_of(*type_b) || a.empty() || b.empty())
    return false;
  auto value_a = take_der(a, a[0]), value_b = take_der(b, b[0]);
  return value_a && value_b && equal_ignoring_case(text_of(*value_a), text_of(*value_b));
}

/// The first parts of the name are those of the base; both are a DER Name.
bool directory_within(Bytes name, Bytes base) {
  auto parts = take_der(name, kSequence), wanted = take_der(base, kSequence);
  if (!parts || !wanted) return false;
  while (!wanted->empty()) {
    auto part = take_der(*parts, kSet), other = take_der(*wanted, kSet);
    while (part && other && !other->empty()) {
      auto a = take_der(*part, kSequence), b = take_der(*other, kSequence);
      if (!a || !b || !same_attribute(*a, *b)) return false;
    }
    if (!part || !other || !part->empty()) return false;
  }
  return true;
}

bool can_compare(int tag) {
  return tag == kDnsName || tag == kIpAddress || tag == kDirectoryName;
}

bool within(int tag, Bytes name, Bytes base) {
  if (tag == kDnsName) return dns_within(text_of(name), text_of(base));
  if (tag == kIpAddress) return address_within(name, base);
  return directory_within(name, base);
}

/// For a message.
std::string in_words(int tag, Bytes name) {
  if (tag == kDnsName) return printable(text_of(name), kShown);
  if (tag == kIpAddress && name.size() == 4)
    return to_string(Ipv4{{name[0], name[1], name[2], name[3]}});
  return tag == kDirectoryName ? "its subject" : "one of its names";
}

/// What a list of subtrees says about a name.
struct Verdict {
  bool any = false;      ///< the list has names of this kind
  bool matched = false;  ///< one of them is above the name
};

/// Nothing when it cannot be read. `left` is counted down.
std::optional<Verdict> judge(Bytes subtrees, int tag, Bytes name, size_t& left) {
  Verdict verdict;
  while (!subtrees.empty()) {
    auto subtree = take_der(subtrees, kSequence);
    if (!subtree || subtree->empty() || left == 0) return std::nullopt;
    --left;
    int kind = subtree->front();
    auto base = take_der(*subtree, kind);
    if (!base || !subtree->empty()) return std::nullopt;  // minimum and maximum are not used
    if (kind != tag) continue;
    verdict.any = true;
    verdict.matched |= can_compare(tag) && within(tag, name, *base);
  }
  return verdict;
}

}  // namespace

void NameConstraints::add(const mbedtls_x509_crt& authority) {
  auto value = extension(authority, kNameConstraints);
  if (value) all_.push_back({common_name(authority.subject), {value->begin(), value->end()}});
}

std::string NameConstraints::problem(const Constrained& constrained, int tag, Bytes name) {
  std::string authority = cat("authority \"", printable(constrained.authority, kShown), "\"");
  Bytes value = constrained.value;
  auto lists = take_der(value, kSequence);
  if (!lists) return cat(authority, " has name constraints that cannot be read");
  auto permitted = take_der(*lists, kPermitted), excluded = take_der(*lists, kExcluded);
  size_t left = kMostComparisons - comparisons_;
  auto allows = judge(permitted.value_or(Bytes{}), tag, name, left);
  auto forbids = judge(excluded.value_or(Bytes{}), tag, name, left);
  comparisons_ = kMostComparisons - left;
  if (!allows || !forbids || !lists->empty())
    return cat(authority, " has name constraints that cannot be read, or too many of them");
  bool unknown = (allows->any || forbids->any) && !can_compare(tag);
  if (unknown || (allows->any && !allows->matched) || forbids->matched)
    return cat(authority, " may not issue certificates for ", in_words(tag, name),
               " (name constraints)");
  return "";
}

std::string NameConstraints::problem(const mbedtls_x509_crt& certificate, std::string_view host) {
  std::string found;
  auto look_at = [&](int tag, Bytes name) {
    for (const Constrained& constrained : all_)
      if (found.empty()) found = problem(constrained, tag, name);
  };
  if (all_.empty()) return found;
  auto address = parse_ipv4(host);
  if (address) look_at(kIpAddress, address->bytes);
  else if (!host.empty()) look_at(kDnsName, bytes_of(host));
  if (certificate.subject.oid.p) look_at(kDirectoryName, contents_of(certificate.subject_raw));
  for (auto* name = &certificate.subject_alt_names; name && name->buf.p; name = name->next)
    look_at(name->buf.tag, contents_of(name->buf));
  return found;
}

}  // namespace hawser::tls
