"""under_filter.py UNIT COMMAND...: runs a command under the SystemCallFilter= of a unit, without systemd as its parent.

Sockets are refused as by RestrictAddressFamilies=none, clone3 as by RestrictNamespaces=yes.
"""

import ctypes
import errno
import glob
import os
import re
import struct
import subprocess
import sys


def groups():
    """System calls by the group that systemd has for them."""
    listed, name = {}, None
    command = ["systemd-analyze", "syscall-filter", "--no-pager"]
    for line in subprocess.check_output(command, text=True, stderr=subprocess.DEVNULL).splitlines():
        word = line.strip()
        if line.startswith("@"):
            name = word
            listed[name] = []
        elif word and not word.startswith("#") and name:
            listed[name].append(word)
    return listed


def calls(word, listed):
    """The calls of a group with those of the groups in it, or the one call."""
    if not word.startswith("@"):
        return {word}
    return set().union(*(calls(each, listed) for each in listed[word]))


def allowed(unit):
    listed = groups()
    found = calls("@default", listed)
    for rule in re.findall(r"^SystemCallFilter=(.*)$", open(unit).read(), re.M):
        words = set().union(*(calls(word, listed) for word in rule.lstrip("~").split()))
        found = found - words if rule.startswith("~") else found | words
    return found


def numbers():
    """The number of each system call, from the kernel's headers: those of x86, else those that newer machines share."""
    headers = glob.glob("/usr/include/*/asm/unistd_64.h") or ["/usr/include/asm-generic/unistd.h"]
    found = re.findall(r"^#define __NR(?:3264)?_(\w+) (\d+)$", open(headers[0]).read(), re.M)
    return {name: int(number) for name, number in found}


def program(unit):
    """The BPF program: each number that is refused, and with what; the rest passes."""
    number = numbers()
    known = allowed(unit)
    refuse = {name: errno.EPERM for name in number if name not in known}
    refuse |= {"socket": errno.EAFNOSUPPORT, "clone3": errno.ENOSYS}
    code = [struct.pack("HBBI", 0x20, 0, 0, 0)]  # load the call's number
    for name in sorted(refuse):
        code.append(struct.pack("HBBI", 0x15, 0, 1, number[name]))  # skip one, if it is another
        code.append(struct.pack("HBBI", 0x06, 0, 0, 0x00050000 | refuse[name]))  # SECCOMP_RET_ERRNO
    return code + [struct.pack("HBBI", 0x06, 0, 0, 0x7FFF0000)]  # SECCOMP_RET_ALLOW


def main():
    code = program(sys.argv[1])
    text = ctypes.create_string_buffer(b"".join(code))
    filter_ = struct.pack("HxxxxxxP", len(code), ctypes.addressof(text))
    libc = ctypes.CDLL(None, use_errno=True)
    # PR_SET_NO_NEW_PRIVS, then PR_SET_SECCOMP with SECCOMP_MODE_FILTER.
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, filter_, 0, 0):
        sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")
    os.execv(sys.argv[2], sys.argv[2:])


main()
