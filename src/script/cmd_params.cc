// Commands about parameters of HTTP requests.
#include <algorithm>

#include "src/base/format.h"
#include "src/script/families.h"
#include "src/script/params.h"

namespace hawser {
namespace {

constexpr size_t kMostFields = 1024;
constexpr std::string_view kClaim = "params";

/// RFC 3986 §2.3 leaves these as they are.
bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::string form_encode(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    if (unreserved(c)) out += c;
    else out += {'%', kDigits[uint8_t(c) >> 4], kDigits[uint8_t(c) & 15]};
  }
  return out;
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return uint8_t(c) < 0x20; });
}

/// RFC 9110 §5.6.2: a field name is a token.
bool is_header_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return unreserved(c) || std::string_view("!#$%&'*+^`|").find(c) != std::string_view::npos;
  });
}

struct ParamsOptions {
  std::string name, method;
  bool remove = false;
};
constexpr Option kParamsOptions[] = {
    option<&ParamsOptions::name>('n', "name", "name", "a list of this name"),
    option<&ParamsOptions::method>('m', "method", "method", "GET, POST or PUT"),
    option<&ParamsOptions::remove>('d', "delete", "", "delete the list"),
};

Status params(Context& context, const ParamsOptions& options, Args) {
  const std::string& method = options.method;
  if (!method.empty() && method != "GET" && method != "POST" && method != "PUT")
    return Error{Errc::Unsupported,
                 cat("\"", printable(method, 32), "\": the methods are GET, POST and PUT")};
  if (options.remove) context.params.remove(options.name);
  else context.params.create(options.name, method);
  return ok_status();
}

struct ParamOptions {
  std::string params;
  bool header = false;
};
constexpr Option kParamOptions[] = {
    option<&ParamOptions::params>('p', "params", "name", "add to the list of this name"),
    option<&ParamOptions::header>('H', "header", "", "a header of the request, not a form field"),
};

Status param(Context& context, const ParamOptions& options, Args words) {
  ParamLists::List* list = context.params.find(options.params);
  if (!list)
    return Error{Errc::NotFound, options.params.empty()
                                     ? std::string("No default parameter list; start with params")
                                     : cat("\"", options.params, "\": no such parameter list")};
  ParamLists::Field field{words[0], join(words.subspan(1)), options.header};
  if (field.is_header && (!is_header_name(field.key) || has_control(field.value)))
    return Error{Errc::Invalid, cat("\"", printable(field.key, 64), "\": not a header")};
  if (list->fields.size() >= kMostFields)
    return Error{Errc::NoSpace, cat("a list can hold ", kMostFields, " parameters at most")};
  list->fields.push_back(std::move(field));
  return ok_status();
}

constexpr Command kCommands[] = {
    command<params>("params", "", "start a list of parameters for a URI that ends in ##params", 0,
                    0, kParamsOptions),
    command<param>("param", "<key> [<value>...]", "add a parameter", 1, kAnyCount, kParamOptions),
};

}  // namespace

void ParamLists::create(std::string name, std::string method) {
  remove(name);
  lists_.push_back({std::move(name), std::move(method), {}});
}

void ParamLists::remove(std::string_view name) {
  std::erase_if(lists_, [&](const List& list) { return list.name == name; });
}

ParamLists::List* ParamLists::find(std::string_view name) {
  for (List& list : lists_)
    if (list.name == name) return &list;
  return nullptr;
}

ParamLists::List* ParamLists::wanted_list(std::string_view wanted) {
  if (!wanted.starts_with(kClaim)) return nullptr;
  std::string_view name = wanted.substr(kClaim.size());
  if (!name.empty() && name[0] != '=') return nullptr;
  return find(name.empty() ? name : name.substr(1));
}

void ParamLists::drop(std::string_view wanted) {
  if (List* list = wanted_list(wanted)) remove(std::string(list->name));
}

std::optional<HttpRequest> ParamLists::request(std::string_view wanted) {
  List* list = wanted_list(wanted);
  if (!list) return std::nullopt;
  HttpRequest request{.method = list->method, .headers = {}, .body = {}};
  for (const Field& field : list->fields) {
    if (field.is_header) {
      request.headers += cat(field.key, ": ", field.value, "\r\n");
    } else {
      if (!request.body.empty()) request.body += '&';
      request.body += cat(form_encode(field.key), "=", form_encode(field.value));
    }
  }
  if (request.method.empty()) request.method = request.body.empty() ? "GET" : "POST";
  return request;
}

CommandTable params_commands() { return kCommands; }

}  // namespace hawser
