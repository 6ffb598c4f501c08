// SPDX-License-Identifier: Apache-2.0
#include "signer/keys/private_file.hpp"

#include "chain/primitives/hex.hpp"
#include "signer/keys/context.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace plimsoll::signer {
namespace {

/// A descriptor that is closed at the end of its scope.
class Descriptor {
  public:
    explicit Descriptor(int number) noexcept : number_{number} {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int number() const noexcept { return number_; }

  private:
    int number_;
};

std::string reason(int code) {
    return std::generic_category().message(code);
}

std::string octal(unsigned mode) {
    std::string out(4, '0');
    for (std::size_t i = 4; i-- > 0; mode >>= 3U)
        out[i] = static_cast<char>('0' + (mode & 7U));
    return out;
}

Result<void> check_private(int descriptor, const std::string& path, std::size_t limit) {
    struct stat facts {};
    if (fstat(descriptor, &facts) != 0) return fail(Errc::not_found, path + ": " + reason(errno));
    if (!S_ISREG(facts.st_mode)) return fail(Errc::refused, path + " is not a regular file");
    if (facts.st_uid != geteuid()) {
        return fail(Errc::refused, path + " belongs to user " + std::to_string(facts.st_uid) + ", not to " +
                                       std::to_string(geteuid()) + ", who runs this; run: chown " +
                                       std::to_string(geteuid()) + " " + path);
    }
    const unsigned mode = facts.st_mode & 07777U;
    if ((mode & ~0600U) != 0) {
        return fail(Errc::refused, path + " has mode " + octal(mode) +
                                       ", and 0600 is the most it may have; run: chmod 600 " + path);
    }
    if (facts.st_size > static_cast<off_t>(limit))
        return fail(Errc::malformed_input, path + " is larger than " + std::to_string(limit) + " bytes");
    return {};
}

bool write_all(int descriptor, std::string_view content) {
    while (!content.empty()) {
        const ssize_t size = ::write(descriptor, content.data(), content.size());
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return false;
        content.remove_prefix(static_cast<std::size_t>(size));
    }
    return fsync(descriptor) == 0;
}

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

Result<SecretBytes> read_descriptor(int descriptor, std::size_t limit) {
    SecretBytes out{limit + 1};
    std::size_t size = 0;
    while (size <= limit) {
        const ssize_t got = ::read(descriptor, out.writable().data() + size, limit + 1 - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(Errc::not_found, "cannot be read: " + reason(errno));
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    if (size > limit) return fail(Errc::malformed_input, "more than " + std::to_string(limit) + " bytes");
    out.shrink(size);
    return out;
}

Result<SecretBytes> read_private_file(const std::string& path, std::size_t limit) {
    // Not blocking, or opening a pipe would wait for its writer.
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    if (file.number() < 0 && errno == ELOOP)
        return fail(Errc::refused, path + " is a symbolic link; name the file itself");
    if (file.number() < 0) return fail(Errc::not_found, path + ": " + reason(errno));
    PLIMSOLL_CHECK(check_private(file.number(), path, limit));
    Result<SecretBytes> content = read_descriptor(file.number(), limit);
    if (!content) content.error().context.insert(0, path + ": ");
    return content;
}

Result<void> write_private_file(const std::string& path, std::string_view content) {
    std::array<std::uint8_t, 8> random{};
    if (!fill_random(random)) return fail(Errc::storage_failed, "the kernel gave no random bytes");
    const std::string draft = path + "." + to_hex(random).substr(2) + ".new";
    const Descriptor file{
        ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    if (file.number() < 0) return fail(Errc::storage_failed, path + " cannot be made: " + reason(errno));
    const bool written = fchmod(file.number(), S_IRUSR | S_IWUSR) == 0 && write_all(file.number(), content);
    // A second name, unlike renaming, never replaces what is there.
    const bool named = written && ::link(draft.c_str(), path.c_str()) == 0;
    const int code = errno;
    ::unlink(draft.c_str());
    if (!named) {
        const std::string why =
            code == EEXIST ? "it exists already, and nothing is overwritten" : reason(code);
        return fail(Errc::storage_failed, path + " cannot be made: " + why);
    }
    const Descriptor folder{::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (folder.number() >= 0) fsync(folder.number());
    return {};
}

}  // namespace plimsoll::signer
