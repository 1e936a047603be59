# What set-up fetches: one place for versions and SHA-256 sums. Sourced by scripts/setup.
# To move to a newer version: change the line, run `make`, and put the sum it reports here.
# shellcheck shell=bash disable=SC2034

# Third-party sources, Debian suite trixie. The sum is that of the upstream tarball.
# name     Debian version          tarball and its SHA-256
source_packages=(
  "libzstd 1.5.7+dfsg              libzstd_1.5.7+dfsg.orig.tar.xz
           0c092ef267edce57ba7f3f2645c861f72eaf5e76273c6c3632869423464b90a5"
  "lwip    2.2.1+dfsg1             lwip_2.2.1+dfsg1.orig.tar.xz
           83729c274c499d3348e9fbbe043a3113f3fa8953e7efddc7c21c7fcbb1f2b7b1"
  "mbedtls 3.6.6                   mbedtls_3.6.6.orig.tar.bz2
           8fb65fae8dcae5840f793c0a334860a411f884cc537ea290ce1c52bb64ca007a"
  "newlib  4.5.0.20241231          newlib_4.5.0.20241231.orig.tar.gz
           33f12605e0054965996c25c1382b3e463b0af91799001f5bb8c0630f2ec8c852"
  "xz-utils 5.8.1                  xz-utils_5.8.1.orig.tar.xz
           0b54f79df85912504de0b14aec7971e3f964491af1812d83447005807513cd9e"
  "zlib    1.3.dfsg+really1.3.1    zlib_1.3.dfsg+really1.3.1.orig.tar.gz
           60dd315c07f616887caa029408308a018ace66e3d142726a97db164b3b8f69fb"
)

# Debian packages that must be installed to build, and those to run and test as well.
build_packages=(g++ binutils make python3 xz-utils bzip2 patch ca-certificates)
test_packages=(qemu-system-x86 seabios ovmf sbsigntool dnsmasq-base nginx-light iproute2 tcpdump cpio
  clang clang-format clang-tidy lld libclang-rt-14-dev llvm libgtest-dev libgmock-dev
  zstd openssl python3-pytest python3-pytest-xdist python3-pil shellcheck busybox-static
  gnutls-bin shim-unsigned grub-efi-amd64-signed grub-pc-bin grub-efi-amd64-bin grub-common mtools xorriso
  pxelinux syslinux-common ipxe libwrap0 libpcre2-8-0)
# For the plots of `make growth`.
bench_packages=(python3-matplotlib)
