// SPDX-License-Identifier: Apache-2.0
#include "bot/journal/witness.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace plimsoll::bot {

namespace {

/// More than any witness has; a file that is longer is none.
constexpr std::size_t kMostBytes = 4096;

class Descriptor {
  public:
    explicit Descriptor(int value) noexcept : value_{value} {}
    Descriptor(Descriptor&& other) noexcept : value_{std::exchange(other.value_, -1)} {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (value_ >= 0) close(value_);
    }
    [[nodiscard]] bool valid() const noexcept { return value_ >= 0; }
    [[nodiscard]] int get() const noexcept { return value_; }

  private:
    int value_;
};

tl::unexpected<Error> system_failure(const std::filesystem::path& file, const char* what) {
    return fail(Errc::storage_failed, file.string() + " cannot be " + what + ": " + std::strerror(errno));
}

bool write_all(int descriptor, BytesView bytes, std::size_t offset) {
    while (!bytes.empty()) {
        const ssize_t wrote = pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(wrote));
        offset += static_cast<std::size_t>(wrote);
    }
    return true;
}

class PosixWitnessFile final : public WitnessFile {
  public:
    explicit PosixWitnessFile(std::filesystem::path file) : file_{std::move(file)} {}

    Result<std::optional<Bytes>> read() override {
        const Descriptor from{open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
        if (!from.valid()) {
            if (errno == ENOENT) return std::optional<Bytes>{};
            return system_failure(file_, "read");
        }
        Bytes out(kMostBytes);
        const ssize_t got = pread(from.get(), out.data(), out.size(), 0);
        if (got < 0) return system_failure(file_, "read");
        out.resize(static_cast<std::size_t>(got));
        return std::optional<Bytes>{std::move(out)};
    }

    Result<void> replace(BytesView content) override {
        const std::filesystem::path beside = file_.string() + ".new";
        Descriptor made{open(beside.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600)};
        if (!made.valid()) return system_failure(beside, "made");
        if (!write_all(made.get(), content, 0) || fsync(made.get()) != 0)
            return system_failure(beside, "written");
        if (rename(beside.c_str(), file_.c_str()) != 0) return system_failure(file_, "replaced");
        const std::filesystem::path parent = file_.has_parent_path() ? file_.parent_path() : ".";
        const Descriptor folder{open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
        if (!folder.valid() || fsync(folder.get()) != 0) return system_failure(parent, "synced");
        current_ = std::move(made);
        return {};
    }

    Result<void> overwrite(std::size_t offset, BytesView part) override {
        if (!current_.valid()) return fail(Errc::storage_failed, file_.string() + " was never written");
        if (!write_all(current_.get(), part, offset)) return system_failure(file_, "written");
        return {};
    }

  private:
    std::filesystem::path file_;
    Descriptor current_{-1};  // of what replace() wrote last
};

}  // namespace

std::unique_ptr<WitnessFile> posix_witness_file(std::filesystem::path file) {
    return std::make_unique<PosixWitnessFile>(std::move(file));
}

}  // namespace plimsoll::bot
