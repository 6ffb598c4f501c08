// SPDX-License-Identifier: Apache-2.0
#include "bot/snapshots/snapshot_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace plimsoll::bot {
namespace {

constexpr std::string_view kPrefix = "books-";
constexpr std::string_view kSuffix = ".snapshot";
constexpr std::string_view kUnfinished = ".part";
constexpr std::size_t kDigits = 20;  // so that names sort as numbers do

class Descriptor {
  public:
    explicit Descriptor(int descriptor) noexcept : descriptor_{descriptor} {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    [[nodiscard]] int get() const noexcept { return descriptor_; }
    [[nodiscard]] bool good() const noexcept { return descriptor_ >= 0; }

  private:
    int descriptor_;
};

tl::unexpected<Error> trouble(const std::filesystem::path& path) {
    return fail(Errc::storage_failed, path.string() + ": " + std::strerror(errno));
}

std::string name_of(BlockNumber number, const Hash32& hash) {
    std::string digits = std::to_string(number.value);
    digits.insert(0, kDigits - digits.size(), '0');
    return std::string{kPrefix} + digits + "-" + to_string(hash) + std::string{kSuffix};
}

std::optional<SnapshotFile> parse(const std::filesystem::path& path) {
    const std::string name = path.filename().string();
    std::string_view rest{name};
    constexpr std::size_t kLength = kPrefix.size() + kDigits + 1 + 66 + kSuffix.size();
    if (rest.size() != kLength || !rest.starts_with(kPrefix) || !rest.ends_with(kSuffix)) return std::nullopt;
    rest.remove_prefix(kPrefix.size());
    SnapshotFile out;
    const auto [end, wrong] = std::from_chars(rest.data(), rest.data() + kDigits, out.number.value);
    if (wrong != std::errc{} || end != rest.data() + kDigits) return std::nullopt;
    const Result<Hash32> hash = parse_hash(rest.substr(kDigits + 1, 66));
    if (!hash || name != name_of(out.number, *hash)) return std::nullopt;
    out.hash = *hash;
    out.path = path;
    return out;
}

/// The newest; and of windows of 1, 4, 16, … blocks the oldest file in the newest window and in the one
/// before it. Windows do not move with the chain, so that what is young now is still there when an old one is
/// needed.
std::set<std::filesystem::path> worth_keeping(const std::vector<SnapshotFile>& newest_first) {
    constexpr std::uint64_t kWidest = std::uint64_t{1} << 16U;
    std::set<std::filesystem::path> out;
    if (newest_first.empty()) return out;
    out.insert(newest_first.front().path);
    for (std::uint64_t width = 1; width <= kWidest; width *= 4) {
        const std::uint64_t newest = newest_first.front().number.value / width;
        for (const std::uint64_t window : {newest, newest - std::min<std::uint64_t>(newest, 1)}) {
            const auto inside = [&](const SnapshotFile& file) { return file.number.value / width == window; };
            const auto oldest = std::find_if(newest_first.rbegin(), newest_first.rend(), inside);
            if (oldest != newest_first.rend()) out.insert(oldest->path);
        }
    }
    return out;
}

/// What a power failure left behind.
std::vector<std::filesystem::path> unfinished_files(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> out;
    std::error_code failed;
    for (std::filesystem::directory_iterator entry{folder, failed}, end; !failed && entry != end;
         entry.increment(failed)) {
        const std::filesystem::path& path = entry->path();
        if (path.extension() == kUnfinished && parse(path.parent_path() / path.stem())) out.push_back(path);
    }
    return out;
}

Result<void> write_all(int descriptor, BytesView bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return trouble(path);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void> write_file(const std::filesystem::path& path, BytesView bytes) {
    const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
    const Descriptor file{::open(path.c_str(), flags, 0600)};
    if (!file.good()) return trouble(path);
    PLIMSOLL_CHECK(write_all(file.get(), bytes, path));
    if (::fsync(file.get()) != 0) return trouble(path);
    return {};
}

/// A rename is durable once its folder is.
Result<void> sync_folder(const std::filesystem::path& folder) {
    const Descriptor handle{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!handle.good() || ::fsync(handle.get()) != 0) return trouble(folder);
    return {};
}

}  // namespace

SnapshotStore::SnapshotStore(std::filesystem::path folder) : folder_{std::move(folder)} {}

Result<SnapshotFile> SnapshotStore::write(BlockNumber number, const Hash32& hash, BytesView bytes) const {
    if (bytes.size() > kMaxSize)
        return fail(Errc::storage_failed, "a snapshot of " + std::to_string(bytes.size()) + " bytes");
    std::error_code failed;
    std::filesystem::create_directories(folder_, failed);
    if (failed) return fail(Errc::storage_failed, folder_.string() + ": " + failed.message());
    SnapshotFile out{number, hash, folder_ / name_of(number, hash)};
    const std::filesystem::path unfinished = out.path.string() + std::string{kUnfinished};
    PLIMSOLL_CHECK(write_file(unfinished, bytes));
    if (::rename(unfinished.c_str(), out.path.c_str()) != 0) return trouble(out.path);
    PLIMSOLL_CHECK(sync_folder(folder_));
    prune();
    return out;
}

void SnapshotStore::prune() const {
    const std::vector<SnapshotFile> all = list();
    const std::set<std::filesystem::path> wanted = worth_keeping(all);
    for (const SnapshotFile& file : all) {
        if (!wanted.contains(file.path)) remove(file);
    }
    std::error_code ignored;
    for (const std::filesystem::path& unfinished : unfinished_files(folder_))
        std::filesystem::remove(unfinished, ignored);
}

std::vector<SnapshotFile> SnapshotStore::list() const {
    std::vector<SnapshotFile> out;
    std::error_code failed;
    for (std::filesystem::directory_iterator entry{folder_, failed}, end; !failed && entry != end;
         entry.increment(failed)) {
        if (auto file = parse(entry->path())) out.push_back(*std::move(file));
    }
    std::ranges::sort(out, [](const SnapshotFile& a, const SnapshotFile& b) { return b.path < a.path; });
    return out;
}

Result<Bytes> SnapshotStore::read(const SnapshotFile& file) {
    const Descriptor handle{::open(file.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    struct stat facts {};
    if (!handle.good() || ::fstat(handle.get(), &facts) != 0) return trouble(file.path);
    if (!S_ISREG(facts.st_mode)) return fail(Errc::storage_failed, file.path.string() + ": not a file");
    const auto size = static_cast<std::uint64_t>(facts.st_size);
    if (size > kMaxSize)
        return fail(Errc::limit_exceeded, file.path.string() + ": " + std::to_string(size) + " bytes");
    Bytes out(static_cast<std::size_t>(size));
    std::size_t done = 0;
    while (done < out.size()) {
        const ssize_t got = ::read(handle.get(), out.data() + done, out.size() - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return trouble(file.path);
        if (got == 0) break;  // it became shorter; whoever decodes it will say so
        done += static_cast<std::size_t>(got);
    }
    out.resize(done);
    return out;
}

void SnapshotStore::remove(const SnapshotFile& file) {
    std::error_code ignored;
    std::filesystem::remove(file.path, ignored);
}

}  // namespace plimsoll::bot
