// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/crash/shim_vfs.hpp"

#include <sqlite3.h>

#include <cstring>
#include <mutex>
#include <new>
#include <string>
#include <utility>

namespace plimsoll::crash {

namespace {

using Kind = DiskOp::Kind;

struct Shim {
    sqlite3_vfs vfs{};
    sqlite3_vfs* real = nullptr;
    ShimObserver observer;
    Bytes last_shared;
};

Shim& shim() {
    static Shim made;
    return made;
}

/// A file of SQLite's own behind ours; its memory lies behind this object.
struct ShimFile {
    sqlite3_file base{};
    std::string* name = nullptr;
    volatile void* shared = nullptr;  // first region of the wal-index
    int shared_size = 0;
    [[nodiscard]] sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

ShimFile& of(sqlite3_file* file) {
    return *reinterpret_cast<ShimFile*>(file);
}

const sqlite3_io_methods& real_of(sqlite3_file* file) {
    return *of(file).real()->pMethods;
}

DiskOp op_of(Kind kind, const std::string& name) {
    DiskOp out;
    out.kind = kind;
    out.name = name;
    return out;
}

int refused(const DiskOp& op) {
    return shim().observer.refuse ? shim().observer.refuse(op) : SQLITE_OK;
}

int told(int code, DiskOp op) {
    if (code == SQLITE_OK && shim().observer.on_op) shim().observer.on_op(std::move(op));
    return code;
}

int shim_close(sqlite3_file* file) {
    delete std::exchange(of(file).name, nullptr);
    return real_of(file).xClose(of(file).real());
}
int shim_read(sqlite3_file* file, void* into, int count, sqlite3_int64 offset) {
    return real_of(file).xRead(of(file).real(), into, count, offset);
}
int shim_write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
    DiskOp op = op_of(Kind::write, *of(file).name);
    op.offset = static_cast<std::size_t>(offset);
    const auto* const bytes = static_cast<const std::uint8_t*>(from);
    op.bytes.assign(bytes, bytes + count);
    if (const int code = refused(op); code != SQLITE_OK) return code;
    return told(real_of(file).xWrite(of(file).real(), from, count, offset), std::move(op));
}
int shim_truncate(sqlite3_file* file, sqlite3_int64 size) {
    DiskOp op = op_of(Kind::truncate, *of(file).name);
    op.offset = static_cast<std::size_t>(size);
    if (const int code = refused(op); code != SQLITE_OK) return code;
    return told(real_of(file).xTruncate(of(file).real(), size), std::move(op));
}
int shim_sync(sqlite3_file* file, int /*flags*/) {
    DiskOp op = op_of(Kind::sync, *of(file).name);
    if (const int code = refused(op); code != SQLITE_OK) return code;
    return told(SQLITE_OK, std::move(op));
}
int shim_size(sqlite3_file* file, sqlite3_int64* size) {
    return real_of(file).xFileSize(of(file).real(), size);
}
int shim_lock(sqlite3_file* file, int level) {
    return real_of(file).xLock(of(file).real(), level);
}
int shim_unlock(sqlite3_file* file, int level) {
    return real_of(file).xUnlock(of(file).real(), level);
}
int shim_reserved(sqlite3_file* file, int* out) {
    return real_of(file).xCheckReservedLock(of(file).real(), out);
}
int shim_control(sqlite3_file* file, int what, void* with) {
    return real_of(file).xFileControl(of(file).real(), what, with);
}
int shim_sector(sqlite3_file* file) {
    return real_of(file).xSectorSize(of(file).real());
}
int shim_traits(sqlite3_file* file) {
    return real_of(file).xDeviceCharacteristics(of(file).real());
}
int shim_shm_map(sqlite3_file* file, int region, int size, int extend, volatile void** out) {
    const int code = real_of(file).xShmMap(of(file).real(), region, size, extend, out);
    if (code == SQLITE_OK && region == 0) {
        of(file).shared = *out;
        of(file).shared_size = size;
    }
    return code;
}
/// Memory is written without a call; what others may have seen of it is known where locks are given back.
void tell_shared(ShimFile& file) {
    if (file.shared == nullptr || !shim().observer.on_op) return;
    Bytes seen(static_cast<std::size_t>(file.shared_size));
    std::memcpy(seen.data(), const_cast<const void*>(file.shared), seen.size());
    if (seen == shim().last_shared) return;
    shim().last_shared = seen;
    DiskOp op = op_of(Kind::shared, *file.name + "-shm");
    op.bytes = std::move(seen);
    shim().observer.on_op(std::move(op));
}
int shim_shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    if ((flags & SQLITE_SHM_UNLOCK) != 0) tell_shared(of(file));
    return real_of(file).xShmLock(of(file).real(), offset, count, flags);
}
void shim_shm_barrier(sqlite3_file* file) {
    real_of(file).xShmBarrier(of(file).real());
}
int shim_shm_unmap(sqlite3_file* file, int remove) {
    of(file).shared = nullptr;
    return real_of(file).xShmUnmap(of(file).real(), remove);
}

constexpr sqlite3_io_methods kMethods{
    2,           shim_close,   shim_read,     shim_write,       shim_truncate,  shim_sync,
    shim_size,   shim_lock,    shim_unlock,   shim_reserved,    shim_control,   shim_sector,
    shim_traits, shim_shm_map, shim_shm_lock, shim_shm_barrier, shim_shm_unmap, nullptr,
    nullptr};

std::string name_of(const char* path) {
    const std::string whole = path == nullptr ? "temporary" : path;
    return "journal/" + whole.substr(whole.rfind('/') + 1);
}

int shim_open(sqlite3_vfs* /*vfs*/, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    auto* const made = new (file) ShimFile{};
    const int code = shim().real->xOpen(shim().real, path, made->real(), flags, out_flags);
    if (made->real()->pMethods == nullptr) return code;
    made->base.pMethods = &kMethods;
    made->name = new std::string{name_of(path)};
    return code;
}
int shim_delete(sqlite3_vfs* /*vfs*/, const char* path, int sync_folder) {
    const std::string name = name_of(path);
    const int code = told(shim().real->xDelete(shim().real, path, 0), op_of(Kind::remove, name));
    return sync_folder == 0 ? code : told(code, op_of(Kind::sync_names, "journal"));
}

}  // namespace

void observe_files(ShimObserver observer) {
    static std::once_flag once;
    std::call_once(once, [] {
        Shim& made = shim();
        made.real = sqlite3_vfs_find(nullptr);
        made.vfs = *made.real;
        made.vfs.pNext = nullptr;
        made.vfs.zName = kShimVfs;
        made.vfs.szOsFile = static_cast<int>(sizeof(ShimFile)) + made.real->szOsFile;
        made.vfs.xOpen = shim_open;
        made.vfs.xDelete = shim_delete;
        sqlite3_vfs_register(&made.vfs, 0);
    });
    shim().observer = std::move(observer);
    shim().last_shared.clear();
}

}  // namespace plimsoll::crash
