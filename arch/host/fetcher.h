// Downloads of the host program: HTTP over the host's own sockets, or files that were recorded.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/fetch.h"
#include "src/loop.h"
#include "src/platform.h"

namespace hawser::host {

struct FetcherOptions {
  /// Holds HOST/PATH for each URI that may be asked for, of any scheme; then nothing goes to the
  /// network. Empty: http is fetched, and nothing else.
  std::string root;
  std::string file_folder;  ///< file: URIs are read below this folder only; empty: not at all
};

class HostFetch;

class HostFetcher : public Fetcher, public Pollable {
 public:
  HostFetcher(Platform& platform, FetcherOptions options)
      : platform_(platform), options_(std::move(options)) {}

  Result<std::unique_ptr<Fetch>> start(const Uri& uri, Sink& sink,
                                       const FetchOptions& options) override;
  std::vector<std::string_view> schemes() const override;
  bool poll() override;
  bool busy() const override { return !running_.empty(); }

 private:
  friend class HostFetch;
  /// The file that stands for a URI. Errors: NotFound, Access (outside of its folder).
  Result<std::string> recorded(const Uri& uri) const;

  Platform& platform_;
  FetcherOptions options_;
  std::vector<HostFetch*> running_;
};

}  // namespace hawser::host
