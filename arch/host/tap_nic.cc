#include "arch/host/tap_nic.h"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "src/base/format.h"

namespace hawser::host {

Result<std::unique_ptr<HostTapNic>> HostTapNic::create(const std::string& name) {
  if (name.empty() || name.size() >= IFNAMSIZ)
    return Error{Errc::Invalid, cat("\"", name, "\": not a name for a tap device")};
  int fd = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return Error{Errc::Access, cat("/dev/net/tun: ", std::strerror(errno))};
  ifreq request{};
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  std::memcpy(request.ifr_name, name.data(), name.size());
  if (ioctl(fd, TUNSETIFF, &request) < 0) {
    Error error{Errc::NoDevice, cat("tap device ", name, ": ", std::strerror(errno))};
    ::close(fd);
    return error;
  }
  // The other end's address belongs to the host; ours only has to differ between processes.
  uint32_t process = uint32_t(getpid());
  Mac mac{{0x52, 0x54, 0x00, uint8_t(process >> 16), uint8_t(process >> 8), uint8_t(process)}};
  return std::unique_ptr<HostTapNic>(new HostTapNic(fd, mac));
}

HostTapNic::~HostTapNic() { ::close(fd_); }

Status HostTapNic::open(FramePort& port) {
  port_ = &port;
  return ok_status();
}

bool HostTapNic::transmit(std::span<const Bytes> pieces) {
  std::vector<iovec> parts;
  for (Bytes piece : pieces) parts.push_back({const_cast<uint8_t*>(piece.data()), piece.size()});
  if (writev(fd_, parts.data(), int(parts.size())) < 0) {
    ++counters_.tx_errors;
    return false;
  }
  ++counters_.tx_frames;
  quiet_polls_ = 0;
  return true;
}

size_t HostTapNic::poll(size_t budget) {
  constexpr int kBusyPolls = 10, kLongest_ms = 20;
  size_t delivered = 0;
  if (port_ && quiet_polls_ > kBusyPolls) {
    pollfd frame{fd_, POLLIN, 0};
    ::poll(&frame, 1, std::min(quiet_polls_ - kBusyPolls, kLongest_ms));
  }
  while (port_ && delivered < budget) {
    RxBuffer* buffer = port_->take();
    if (!buffer) break;
    ssize_t n = read(fd_, buffer->data, buffer->bytes);
    if (n <= 0) {
      port_->give_back(buffer);
      break;
    }
    ++counters_.rx_frames;
    ++delivered;
    port_->received(buffer, uint32_t(n));
  }
  quiet_polls_ = delivered ? 0 : quiet_polls_ + 1;
  return delivered;
}

}  // namespace hawser::host
