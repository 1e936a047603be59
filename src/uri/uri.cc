// URIs, RFC 3986, with iPXE's rules where scripts depend on them (src/uri/uri.h).
#include "src/uri/uri.h"

#include <algorithm>

#include "src/base/format.h"
#include "src/base/text.h"

namespace hawser {
namespace {

constexpr bool is_alpha(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

/// RFC 3986 §2.3.
constexpr bool is_unreserved(char c) {
  return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

constexpr bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

void append_escaped(std::string& to, char c) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  auto byte = static_cast<unsigned char>(c);
  to.push_back('%');
  to.push_back(kDigits[byte >> 4]);
  to.push_back(kDigits[byte & 15]);
}

/// For user and password: everything but unreserved characters is escaped.
std::string escape_all(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (is_unreserved(c)) out.push_back(c);
    else append_escaped(out, c);
  }
  return out;
}

/// Length of the scheme before ':' (RFC 3986 §3.1, and '_'), or 0 when there is none.
size_t scheme_length(std::string_view text) {
  if (text.empty() || !is_alpha(text.front())) return 0;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == ':') return i;
    if (!is_alpha(c) && !is_digit(c) && c != '+' && c != '-' && c != '.' && c != '_') return 0;
  }
  return 0;
}

bool valid_host(std::string_view host) {
  static constexpr std::string_view kSubDelims = "!$&'()*+,;=";  // RFC 3986 §3.2.2, reg-name
  return std::ranges::all_of(host, [](char c) {
    return is_unreserved(c) || kSubDelims.find(c) != std::string_view::npos;
  });
}

/// Inside the brackets: an IPv6 address, and "%net0" or "%25net0" (RFC 6874) behind it.
bool valid_ipv6_text(std::string_view text) {
  size_t percent = text.find('%');
  std::string_view address = text.substr(0, percent);
  std::string_view zone = percent == std::string_view::npos ? "" : text.substr(percent + 1);
  return address.find(':') != std::string_view::npos &&
         std::ranges::all_of(address,
                             [](char c) { return hex_digit(c) >= 0 || c == ':' || c == '.'; }) &&
         std::ranges::all_of(zone, is_unreserved) &&
         (percent == std::string_view::npos || !zone.empty());
}

Status parse_port(std::string_view text, Uri& uri) {
  if (text.empty()) return ok_status();  // "http://h:/": the default, RFC 3986 §3.2.3
  auto port = parse_decimal(text);
  if (!port || *port == 0 || *port > 65535)
    return Error{Errc::Invalid, cat("port \"", printable(text), "\" is not 1 to 65535")};
  uri.port = uint16_t(*port);
  return ok_status();
}

/// [user[:password]@]host[:port], RFC 3986 §3.2.
Status parse_authority(std::string_view text, Uri& uri) {
  if (size_t at = text.rfind('@'); at != std::string_view::npos) {
    std::string_view user = text.substr(0, at);
    size_t colon = user.find(':');
    uri.user = percent_decode(user.substr(0, colon));
    if (colon != std::string_view::npos) uri.password = percent_decode(user.substr(colon + 1));
    text.remove_prefix(at + 1);
  }
  if (!text.empty() && text.front() == '[') {
    size_t end = text.find(']');
    if (end == std::string_view::npos || !valid_ipv6_text(text.substr(1, end - 1)))
      return Error{Errc::Invalid, cat("\"", printable(text), "\" is not an IPv6 address")};
    uri.host = text.substr(1, end - 1);
    size_t zone = uri.host.find("%25");
    if (zone != std::string::npos && uri.host.size() - zone > 3) uri.host.erase(zone + 1, 2);
    text.remove_prefix(end + 1);
    if (text.empty()) return ok_status();
    if (text.front() != ':') return Error{Errc::Invalid, "only a port may follow ']'"};
    return parse_port(text.substr(1), uri);
  }
  size_t colon = text.find(':');
  uri.host = percent_decode(text.substr(0, colon));
  if (!valid_host(uri.host))
    return Error{Errc::Invalid, cat("\"", printable(uri.host), "\" is not a host name")};
  if (colon != std::string_view::npos) TRY(parse_port(text.substr(colon + 1), uri));
  return ok_status();
}

/// Everything up to and with the last '/'.
std::string_view directory(std::string_view path) {
  size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash + 1);
}

/// Joins a relative path to a directory (empty or ending in '/'), carrying out "." and ".."
/// at the front of `path`. Dots elsewhere are left to the server: a signed URL keeps its bytes.
std::string join_path(std::string_view base, std::string_view path) {
  for (;;) {
    if (path == "." || path.starts_with("./")) {
      path.remove_prefix(std::min<size_t>(path.size(), 2));
    } else if (path == ".." || path.starts_with("../")) {
      path.remove_prefix(std::min<size_t>(path.size(), 3));
      if (base.size() > 1) base = directory(base.substr(0, base.size() - 1));
    } else {
      return cat(base, path);
    }
  }
}

}  // namespace

Result<Uri> parse_uri(std::string_view written) {
  if (std::ranges::any_of(written, is_control))
    return Error{Errc::Invalid, cat("URI \"", printable(written), "\" has control characters")};
  std::string encoded = percent_encode(written);
  std::string_view text = encoded;
  auto in_uri = [&](Error error) { return std::move(error).in(cat("URI \"", written, "\"")); };

  Uri uri;
  if (size_t at = text.find("##params"); at != std::string_view::npos) {
    uri.params = text.substr(at + 2);
    text = text.substr(0, at);
  }
  if (size_t hash = text.find('#'); hash != std::string_view::npos) {
    uri.fragment = text.substr(hash + 1);
    text = text.substr(0, hash);
  }
  if (size_t length = scheme_length(text)) {
    for (char c : text.substr(0, length)) uri.scheme.push_back(lower(c));
    text.remove_prefix(length + 1);
    if (!text.starts_with('/')) {
      uri.opaque = text;
      return uri;
    }
  }
  if (size_t mark = text.find('?'); mark != std::string_view::npos) {
    uri.query = text.substr(mark + 1);
    text = text.substr(0, mark);
  }
  if (uri.absolute() && text.starts_with("//")) {
    text.remove_prefix(2);
    std::string_view authority = text.substr(0, text.find('/'));
    Status parsed = parse_authority(authority, uri);
    if (!parsed.ok()) return in_uri(std::move(parsed).error());
    if (uri.host.empty() && (uri.scheme != "file" || !authority.empty()))
      return in_uri({Errc::Invalid, "no host after \"//\" (is a setting in it empty?)"});
    text.remove_prefix(authority.size());
  }
  uri.path = text;
  return uri;
}

Uri resolve(const Uri& base, const Uri& reference) {
  if (reference.absolute()) return reference;
  Uri uri = base;
  uri.params = reference.params;
  uri.fragment = reference.fragment;
  if (reference.path.empty()) {
    if (reference.query) uri.query = reference.query;
    return uri;
  }
  uri.query = reference.query;
  if (!base.opaque.empty()) {
    uri.opaque = reference.path.starts_with('/')
                     ? reference.path
                     : join_path(directory(base.opaque), reference.path);
    if (uri.opaque.starts_with('/')) std::swap(uri.opaque, uri.path);
  } else if (reference.path.starts_with('/')) {
    uri.path = reference.path;
  } else {
    std::string_view within = directory(base.path);
    if (within.empty() && base.absolute()) within = "/";
    uri.path = join_path(within, reference.path);
  }
  // Without a host, "//x" would read as one.
  if (uri.host.empty() && uri.absolute())
    while (uri.path.starts_with("//")) uri.path.erase(0, 1);
  return uri;
}

namespace {

std::string write(const Uri& uri, bool for_people) {
  std::string text;
  if (uri.absolute()) text = cat(uri.scheme, ":");
  if (!uri.host.empty()) {
    text += "//";
    if (!for_people && (!uri.user.empty() || !uri.password.empty())) {
      text += escape_all(uri.user);
      if (!uri.password.empty()) text += cat(":", escape_all(uri.password));
      text += '@';
    }
    if (uri.host.find(':') == std::string::npos) {
      text += uri.host;
    } else {
      size_t zone = uri.host.find('%');
      text += cat("[", uri.host.substr(0, zone));
      if (zone != std::string::npos) text += cat("%25", uri.host.substr(zone + 1));
      text += ']';
    }
    if (uri.port) text += cat(":", *uri.port);
  } else if (uri.absolute() && uri.path.starts_with("//")) {
    text += "//";  // an empty host, so that the path is not taken for one
  }
  if (!uri.absolute() && scheme_length(uri.path)) text += "./";  // RFC 3986 §4.2
  text += uri.opaque;
  text += uri.path;
  if (!for_people) {
    if (uri.query) text += cat("?", *uri.query);
    if (!uri.fragment.empty()) text += cat("#", uri.fragment);
  }
  return text;
}

}  // namespace

std::string to_string(const Uri& uri) { return write(uri, false); }
std::string display(const Uri& uri) { return write(uri, true); }

std::string percent_decode(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    int high = -1, low = -1;
    if (text[i] == '%' && text.size() - i > 2) {
      high = hex_digit(text[i + 1]);
      low = hex_digit(text[i + 2]);
    }
    if (high < 0 || low < 0) {
      out.push_back(text[i]);
    } else {
      out.push_back(char(high << 4 | low));
      i += 2;
    }
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == ' ' || c == '"' || is_control(c) || (static_cast<unsigned char>(c) & 0x80))
      append_escaped(out, c);
    else out.push_back(c);
  }
  return out;
}

std::string image_name(const Uri& uri) {
  if (!uri.opaque.empty()) return percent_decode(uri.opaque);
  size_t slash = uri.path.rfind('/');
  return percent_decode(slash == std::string::npos ? std::string_view(uri.path)
                                                   : std::string_view(uri.path).substr(slash + 1));
}

}  // namespace hawser
