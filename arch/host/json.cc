#include "arch/host/json.h"

#include "src/base/format.h"
#include "src/base/text.h"

namespace hawser::host {
namespace {

constexpr unsigned kMaxDepth = 32;

void append_utf8(std::string& to, uint32_t code) {
  if (code < 0x80) {
    to += char(code);
  } else if (code < 0x800) {
    to += {char(0xc0 | code >> 6), char(0x80 | (code & 0x3f))};
  } else {
    to += {char(0xe0 | code >> 12), char(0x80 | (code >> 6 & 0x3f)), char(0x80 | (code & 0x3f))};
  }
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<Json> document() {
    Json value = TRY(this->value(0));
    skip_space();
    if (at_ < text_.size()) return error("more text after the end");
    return value;
  }

 private:
  Error error(std::string_view what) const {
    unsigned line = 1;
    for (char c : text_.substr(0, at_)) line += c == '\n';
    return {Errc::Invalid, cat("line ", line, ": ", what)};
  }
  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  bool take(char c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  Result<Json> value(unsigned depth) {
    if (depth > kMaxDepth) return error("nested too deeply");
    Json json;
    if (take('{')) {
      json.kind = Json::Kind::Object;
      if (take('}')) return json;
      do {
        skip_space();
        std::string name = TRY(string());
        if (!take(':')) return error("':' is missing");
        json.names.push_back(std::move(name));
        json.items.push_back(TRY(value(depth + 1)));
      } while (take(','));
      if (!take('}')) return error("'}' or ',' is missing");
      return json;
    }
    if (take('[')) {
      json.kind = Json::Kind::Array;
      if (take(']')) return json;
      do json.items.push_back(TRY(value(depth + 1)));
      while (take(','));
      if (!take(']')) return error("']' or ',' is missing");
      return json;
    }
    if (at_ < text_.size() && text_[at_] == '"') {
      json.kind = Json::Kind::String;
      json.text = TRY(string());
      return json;
    }
    return word();
  }

  Result<Json> word() {
    size_t end = at_;
    while (end < text_.size() &&
           (is_digit(text_[end]) || text_[end] == '-' || text_[end] == '+' || text_[end] == '.' ||
            (lower(text_[end]) >= 'a' && lower(text_[end]) <= 'z')))
      ++end;
    Json json;
    json.text = text_.substr(at_, end - at_);
    at_ = end;
    if (json.text.empty()) return error("a value is missing");
    if (json.text == "null") return Json{};
    bool is_bool = json.text == "true" || json.text == "false";
    if (!is_bool && !is_digit(json.text.back())) return error("not a value");
    json.kind = is_bool ? Json::Kind::Bool : Json::Kind::Number;
    return json;
  }

  Result<std::string> string() {
    if (at_ >= text_.size() || text_[at_] != '"') return error("'\"' is missing");
    std::string out;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] != '\\') {
        out += text_[at_];
        continue;
      }
      if (++at_ >= text_.size()) break;
      constexpr std::string_view kNames = "\"\\/bfnrt", kValues = "\"\\/\b\f\n\r\t";
      if (size_t known = kNames.find(text_[at_]); known != std::string_view::npos) {
        out += kValues[known];
      } else if (text_[at_] == 'u') {
        uint32_t code = 0;
        for (int i = 0; i < 4; ++i) {
          int digit = at_ + 1 < text_.size() ? hex_digit(text_[++at_]) : -1;
          if (digit < 0) return error("\\u takes four hex digits");
          code = code << 4 | uint32_t(digit);
        }
        append_utf8(out, code);
      } else {
        return error("an unknown escape");
      }
    }
    if (at_ >= text_.size()) return error("a string does not end");
    ++at_;
    return out;
  }

  std::string_view text_;
  size_t at_ = 0;
};

/// Bytes of the well-formed UTF-8 sequence at the start of `text` (RFC 3629), 0 if there is none.
size_t utf8_length(std::string_view text) {
  auto byte = [&](size_t i) { return i < text.size() ? uint8_t(text[i]) : 0; };
  auto more = [&](size_t i) { return (byte(i) & 0xc0) == 0x80; };
  if (byte(0) < 0x80) return 1;
  if (byte(0) >= 0xc2 && byte(0) <= 0xdf && more(1)) return 2;
  if ((byte(0) & 0xf0) == 0xe0 && more(1) && more(2) && !(byte(0) == 0xe0 && byte(1) < 0xa0) &&
      !(byte(0) == 0xed && byte(1) >= 0xa0))
    return 3;
  if (byte(0) >= 0xf0 && byte(0) <= 0xf4 && more(1) && more(2) && more(3) &&
      !(byte(0) == 0xf0 && byte(1) < 0x90) && !(byte(0) == 0xf4 && byte(1) >= 0x90))
    return 4;
  return 0;
}

}  // namespace

const Json* Json::find(std::string_view name) const {
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return &items[i];
  return nullptr;
}

Result<Json> parse_json(std::string_view text) { return Reader(text).document(); }

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (size_t at = 0; at < text.size();) {
    size_t length = utf8_length(text.substr(at));
    char c = text[at];
    if (length == 0) out += "\\ufffd";
    else if (c == '"' || c == '\\') out += {'\\', c};
    else if (c == '\n') out += "\\n";
    else if (uint8_t(c) < 0x20 || c == 0x7f) out += cat("\\u", hex(uint8_t(c), 4));
    else out += text.substr(at, length);
    at += length == 0 ? 1 : length;
  }
  return out + '"';
}

}  // namespace hawser::host
