// A TLS server that is not mbedTLS: `openssl s_server` on a port of this machine.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "src/base/bytes.h"

namespace hawser::fakes {

/// Runs from construction to destruction, and answers each request with a page of HTTP.
class OpensslServer {
 public:
  /// `options` of s_server; files are looked for in `folder`.
  OpensslServer(const std::string& folder, const std::string& options) {
    int pipe_ends[2];
    if (pipe(pipe_ends) != 0) std::abort();
    pid_ = fork();
    if (pid_ == 0) {
      dup2(pipe_ends[1], STDOUT_FILENO);
      close(pipe_ends[0]);
      std::string command = "cd " + folder + " && exec openssl s_server -accept 127.0.0.1:0 -www " +
                            options + " </dev/null 2>s_server.log";
      execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
      _exit(127);
    }
    close(pipe_ends[1]);
    FILE* output = fdopen(pipe_ends[0], "r");
    char line[200];
    while (port_ == 0 && fgets(line, sizeof line, output))
      if (std::string(line).starts_with("ACCEPT "))
        port_ = uint16_t(atoi(std::string(line).substr(std::string(line).rfind(':') + 1).c_str()));
    output_ = output;
    EXPECT_NE(port_, 0) << "openssl s_server " << options << ": see s_server.log in " << folder;
  }
  ~OpensslServer() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    fclose(output_);
  }
  OpensslServer(const OpensslServer&) = delete;

  uint16_t port() const { return port_; }

 private:
  pid_t pid_;
  FILE* output_;
  uint16_t port_ = 0;
};

/// A TCP connection to a port of this machine.
class LocalConnection {
 public:
  explicit LocalConnection(uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    timeval patience{20, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~LocalConnection() { close(socket_); }
  LocalConnection(const LocalConnection&) = delete;

  void send(std::string_view bytes) {
    EXPECT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL), ssize_t(bytes.size()));
  }
  /// What has come, once something has; nothing at the end.
  std::string receive() {
    std::string bytes(16384, '\0');
    ssize_t got = recv(socket_, bytes.data(), bytes.size(), 0);
    bytes.resize(got < 0 ? 0 : size_t(got));
    return bytes;
  }

 private:
  int socket_;
};

}  // namespace hawser::fakes
