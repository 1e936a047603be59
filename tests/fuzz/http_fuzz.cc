// Arbitrary HTTP answers, cut into arbitrary pieces. The pieces must not matter: the same bytes
// read at once and piece by piece give the same head, body and verdict. Then the same bytes go
// through a whole download with breaks between the pieces, which must end; or through that of a
// part, or of a file that others read some of.
#include <cstdlib>
#include <string>

#include "net/http/download.h"
#include "net/http/response.h"
#include "tests/fuzz/counting_file.h"

namespace {

using namespace hawser;
using fuzz::check;
using fuzz::CountingFile;

struct Collector : http::ResponseHandler {
  Status on_head(const http::Head& h) override {
    check(heads++ == 0);
    check(h.status >= 200 && h.status <= 999);
    status = h.status;
    return ok_status();
  }
  Status on_body(Bytes bytes) override {
    check(heads == 1 && !bytes.empty());
    body.append(text_of(bytes));
    return ok_status();
  }
  int heads = 0, status = 0;
  std::string body;
};

struct Verdict {
  Collector got;
  size_t used = 0;
  bool done = false, closed_well = false;
  std::string error;
};

/// Pieces are as long as the bytes of `cuts` say (0: the rest).
Verdict read(Bytes text, Bytes cuts) {
  Verdict verdict;
  http::ResponseReader reader{verdict.got};
  size_t cut = 0;
  while (!text.empty() && !reader.done()) {
    size_t length = cut < cuts.size() && cuts[cut] ? cuts[cut] : text.size();
    if (++cut >= cuts.size()) cut = 0;
    if (length > text.size()) length = text.size();
    std::string exact(text_of(text.first(length)));
    auto used = reader.feed(bytes_of(exact));
    if (!used.ok()) {
      verdict.error = used.error().text;
      check(!verdict.error.empty());
      return verdict;
    }
    check(*used == length || reader.done());
    verdict.used += *used;
    text = text.subspan(length);
  }
  verdict.done = reader.done();
  verdict.closed_well = reader.on_close();
  return verdict;
}

struct FuzzTransport : http::Transport {
  Result<Opening> connect(const http::Server& server, bool fresh) override {
    uint16_t port = server.port;
    check(!open && port != 0);
    open = true;
    return !fresh && ++connects % 3 == 0 ? Opening::Kept : Opening::Connecting;
  }
  void send(std::string_view request) override {
    check(open && request.starts_with("GET /") && request.ends_with("\r\n\r\n"));
    check(request.find("\r\n\r\n") == request.size() - 4);  // no header can be smuggled in
  }
  void release(bool) override { open = false; }
  uint64_t random() override { return 1; }
  bool open = false;
  int connects = 0;
};

enum class Reading : uint8_t { File, Part, FileWithOthers };

void download(Bytes text, Bytes cuts, Reading kind) {
  FuzzTransport transport;
  CountingFile file;
  http::Download get{transport, file, Millis{0}};
  Millis now{0};
  Uri uri = parse_uri("http://user:secret@h/f?q").value();
  http::Part part{10, 19, 100, "\"v\""};
  if (kind == Reading::Part) {
    file.begun = true;
    get.start_part(uri, part, now);
  } else {
    get.start(uri, now);
  }
  uint64_t before = kind == Reading::Part ? part.first : 0;
  size_t cut = 0;
  for (int rounds = 0; !get.finished() && rounds < 2000; ++rounds) {
    check(transport.open == (get.state() != http::Download::State::Pausing &&
                             get.state() != http::Download::State::Left));
    if (get.state() == http::Download::State::Left) {
      get.stop_at({});
      get.take(bytes_of("x"));
      if (!get.finished()) get.go_on(now);
      continue;
    }
    if (auto rest = get.rest(); rest && kind == Reading::FileWithOthers && rest->last > rest->first)
      get.stop_at(rest->first + 1 + cuts.size() % (rest->last - rest->first));
    uint8_t choice = cuts.empty() ? 0 : cuts[cut++ % cuts.size()];
    if (get.state() == http::Download::State::Connecting && choice != 255) {
      get.on_connected(now);
    } else if (text.empty() || get.state() == http::Download::State::Pausing || choice == 255) {
      now = get.deadline();
      get.on_deadline(now);
    } else if (choice == 254) {
      get.on_closed(now);
    } else if (choice == 253) {
      transport.open = false;
      get.on_broken({Errc::Reset, "reset"}, now);
    } else {
      size_t length = choice ? choice : text.size();
      if (length > text.size()) length = text.size();
      std::string exact(text_of(text.first(length)));
      get.on_data(bytes_of(exact), now);
      text = text.subspan(length);
    }
    check(get.progress().received == before + file.bytes);
    check(kind != Reading::Part || file.bytes <= part.last + 1 - part.first);
  }
  if (get.finished()) check(!transport.open);
  if (get.state() != http::Download::State::Done) return;
  if (kind == Reading::Part) check(file.bytes == part.last + 1 - part.first);
  else if (get.progress().total) check(*get.progress().total == file.bytes);
}

}  // namespace

/// Input: one byte n, n cuts (n's low bits; the others say what is read), then the answer.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Bytes input{data, size};
  if (input.empty()) return 0;
  size_t n = input[0] % 16;
  if (n > input.size() - 1) n = input.size() - 1;
  Bytes cuts = input.subspan(1, n), text = input.subspan(1 + n);

  Verdict whole = read(text, {}), pieces = read(text, cuts);
  check(whole.got.body == pieces.got.body && whole.got.status == pieces.got.status);
  check(whole.error == pieces.error && whole.done == pieces.done);
  check(whole.closed_well == pieces.closed_well);
  if (whole.error.empty()) check(whole.used == pieces.used);
  download(text, cuts, Reading(input[0] / 16 % 3));
  return 0;
}
