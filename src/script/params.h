// Parameter lists: what `params` and `param` gather for the HTTP request of a URI that ends in
// "##params" or "##params=name".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/fetch.h"

namespace hawser {

class ParamLists {
 public:
  struct Field {
    std::string key, value;
    bool is_header = false;
  };
  struct List {
    std::string name;    ///< empty: the default list
    std::string method;  ///< empty: POST when there are form fields, else GET
    std::vector<Field> fields;
  };

  /// An empty list, in the place of one of that name.
  void create(std::string name, std::string method);
  void remove(std::string_view name);
  List* find(std::string_view name);
  /// The request that Uri::params ("params" or "params=name") asks for. Nothing when there is none.
  std::optional<HttpRequest> request(std::string_view wanted);
  /// Forgets the list that it was made from: one list serves one download.
  void drop(std::string_view wanted);

 private:
  List* wanted_list(std::string_view wanted);
  std::vector<List> lists_;
};

}  // namespace hawser
