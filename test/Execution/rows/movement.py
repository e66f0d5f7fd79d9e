# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Elements keep their values."""

import torch
from operations import call, of, row, wrong


def permute(x, axes=None):
    return x.permute(axes or tuple(reversed(range(x.dim()))))


def squeeze(x, axes=None):
    return x.squeeze() if axes is None else x.squeeze(axes)


def sliced(x, starts, ends, steps=None):
    steps = steps or [1] * len(starts)
    return x[tuple(slice(*bounds) for bounds in zip(starts, ends, steps))]


def padded(x, fill=None, padding=(), value=0):
    result = torch.full([extent + sum(pair) for extent, pair in zip(x.shape, padding)],
                        value, dtype=x.dtype)
    if fill is not None:
        result[...] = fill
    result[tuple(slice(low, low + extent) for extent, (low, _) in zip(x.shape, padding))] = x
    return result


def triangle(function):
    """NaN and infinities outside the triangle are 0, too."""
    return lambda x, k=0: torch.where(function(torch.ones_like(x, dtype=torch.uint8), k) != 0,
                                      x, torch.zeros_like(x))


ROWS = [
    row("reshape",
        call("reshape(a, {shape})", (4, 6), shape=[3, 8]),
        call("reshape(a, {shape})", (2, 3, 17), shape=[-1, 17]),
        call("reshape(a, {shape})", (), shape=[1, 1]),
        call("reshape(a, {shape})", (2, 3, 17), shape=-1),
        call("reshape(a, {shape})", (4, 9), shape=[2, 2, 3, 1, 3, 1]),
        call("reshape(a, {shape})", (1, 1), shape=[]),
        wrong("E3007", "reshape(a, [5])", (3, 4)),
        wrong("E3007", "reshape(a, [5, -1])", (3, 4)),
        reference=lambda x, shape: x.reshape(shape)),
    row("transpose",
        call("transpose(a)", (31, 17)),
        call("transpose(a, {axes})", (3, 5, 7), axes=[2, 0, 1]),
        call("transpose(a, {axes})", (2, 3, 5, 17), axes=[0, 2, 1, 3]),
        call("transpose(a, axes={axes})", (3, 5, 7), axes=[-1, 0, -2]),
        call("transpose(a)", (17,)),
        call("transpose(a)", (2, 1, 3, 2, 5, 3)),
        wrong("E3008", "transpose(a, [0, 0])", (3, 4)),
        wrong("E3008", "transpose(a, [0])", (3, 4)),
        wrong("E3008", "transpose(a, [0, 2])", (3, 4)),
        reference=permute),
    row("expand_dims",
        call("expand_dims(a, {axis})", (17,), axis=0),
        call("expand_dims(a, {axis})", (3, 5), axis=-1),
        call("expand_dims(a, {axis})", (), axis=0),
        call("expand_dims(a, axis={axis})", (2, 3, 5, 2, 3), axis=-3),
        wrong("E3004", "expand_dims(a, 3)", (3, 4)),
        reference=lambda x, axis: x.unsqueeze(axis)),
    row("squeeze",
        call("squeeze(a)", (1, 17, 1)),
        call("squeeze(a, axes={axes})", (1, 17, 1), axes=[0]),
        call("squeeze(a, {axes})", (1, 17, 1), axes=[-1, 0]),
        call("squeeze(a)", (1, 1)),
        call("squeeze(a, {axes})", (2, 1, 3, 1, 5, 1), axes=3),
        wrong("E3009", "squeeze(a, 0)", (3, 1)),
        wrong("E3004", "squeeze(a, 2)", (3, 1)),
        reference=squeeze),
    row("flatten",
        call("flatten(a)", (3, 5, 7)),
        call("flatten(a)", ()),
        call("flatten(a)", (17,)),
        call("flatten(a)", (2, 1, 3, 2, 5, 3)),
        reference=lambda x: x.reshape(-1)),
    row("broadcast_to",
        call("broadcast_to(a, {shape})", (5, 1), shape=[3, 5, 7]),
        call("broadcast_to(a, {shape})", (), shape=[17]),
        call("broadcast_to(a, {shape})", (1031,), shape=1031),
        call("broadcast_to(a, {shape})", (3, 1, 5), shape=[2, 1, 3, 3, 2, 5]),
        wrong("E3001", "broadcast_to(a, [3, 3])", (2, 3)),
        wrong("E3006", "broadcast_to(a, [0])", ()),
        reference=lambda x, shape: x.expand(shape)),
    row("concat",
        call("concat([a, b], axis={axis})", (2, 3), (5, 3), axis=0),
        call("concat([a, b, c], {axis})", (3, 1), (3, 17), (3, 2), axis=-1),
        call("concat([a, b], axis={axis})", (2, 1, 3, 2, 1, 2), (2, 1, 3, 4, 1, 2), axis=3),
        call("concat([a], axis={axis})", (17,), axis=0),
        wrong("E3003", "concat([a, b])", (2, 3), (2, 4)),
        wrong("E3002", "concat([a, b])", (2, 3), (2,)),
        wrong("E3004", "concat([a, b])", (), ()),
        wrong("E2001", "concat(a)", (2, 3)),
        wrong("E2001", "concat([])", (2, 3)),
        reference=lambda *parts, axis: torch.cat(parts, axis)),
    row("stack",
        call("stack([a, b], axis={axis})", (2, 3), (2, 3), axis=0),
        call("stack([a, b, c], {axis})", (17,), (17,), (17,), axis=-1),
        call("stack([a, b], axis={axis})", (), (), axis=0),
        call("stack([a, b], axis={axis})", (2, 1, 3, 2, 5), (2, 1, 3, 2, 5), axis=2),
        wrong("E3003", "stack([a, b])", (2, 3), (2, 4)),
        wrong("E3004", "stack([a, b], 3)", (2, 3), (2, 3)),
        reference=lambda *parts, axis: torch.stack(parts, axis)),
    row("split",
        call("split(a, {parts}, axis={axis})", (6, 5), parts=3, axis=0),
        call("split(a, {parts}, {axis})", (3, 34), parts=2, axis=-1),
        call("split(a, {parts}, axis={axis})", (2, 1, 3, 2, 1, 4), parts=4, axis=5),
        call("split(a, {parts}, axis={axis})", (17,), parts=17, axis=0),
        wrong("E3003", "split(a, 2)", (5, 3)),
        wrong("E3004", "split(a, 2, axis=2)", (4, 3)),
        wrong("E2001", "split(a, 0)", (4, 3)),
        reference=lambda x, parts, axis: x.chunk(parts, axis)),
    row("slice",
        call("slice(a, {starts}, {ends})", (5, 7), starts=[1, 2], ends=[4, 7]),
        call("slice(a, {starts}, {ends}, {steps})", (17, 33), starts=[-16, 0], ends=[100, -1],
             steps=[3, 2]),
        call("slice(a, {starts}, {ends})", (5, 7), starts=[-100], ends=[2]),
        call("slice(a, {starts}, {ends}, steps={steps})", (4, 2, 3, 2, 5, 7),
             starts=[0, 1, 0, 0, 2, 1], ends=[4, 2, 3, 1, 5, 7], steps=[2, 1, 1, 1, 2, 3]),
        call("slice(a, {starts}, {ends})", (), starts=[], ends=[]),
        wrong("E3006", "slice(a, [2], [2])", (5, 7)),
        wrong("E4006", "slice(a, [0, 0], [1, 1])", (5,)),
        wrong("E4007", "slice(a, [0, 0], [1])", (5, 7)),
        wrong("E4008", "slice(a, [0], [1], [0])", (5, 7)),
        wrong("E2003", "slice(a, [b], [1])", (5, 7), of("i64", ())),
        reference=sliced),
    row("pad",
        call("pad(a, {padding})", (3, 5), padding=[[1, 2], [0, 3]]),
        call("pad(a, {padding})", (17,), padding=[[0, 0]]),
        call("pad(a, {padding})", (2, 1, 3, 2, 1, 2),
             padding=[[0, 1], [1, 0], [0, 0], [2, 1], [0, 0], [1, 1]]),
        call("pad(a, {padding}, b)", (3, 5), (), padding=[[1, 2], [0, 3]]),
        wrong("E4006", "pad(a, [[1, 1]])", (3, 5)),
        wrong("E2001", "pad(a, [[1, -1]])", (3,)),
        wrong("E3002", "pad(a, [[1, 1]], b)", (3,), (3,)),
        reference=padded),
    row("flip",
        call("flip(a)", (3, 17)),
        call("flip(a, {axes})", (3, 17), axes=[0]),
        call("flip(a, axes={axes})", (2, 1, 3, 2, 5, 3), axes=[-1, 2]),
        call("flip(a)", ()),
        wrong("E3004", "flip(a, 2)", (3, 5)),
        wrong("E3005", "flip(a, [0, -2])", (3, 5)),
        reference=lambda x, axes=None: x.flip(axes if axes is not None
                                              else tuple(range(x.dim())))),
    *(row(name,
          call(f"{name}(a)", (5, 5)),
          call(f"{name}(a, {{k}})", (3, 17), k=2),
          call(f"{name}(a, k={{k}})", (2, 1, 3, 2, 5, 3), k=-1),
          call(f"{name}(a, {{k}})", (3, 5), k=-9),
          wrong("E3002", f"{name}(a)", (5,)),
          reference=function)
      for name, function in (("tril", triangle(torch.tril)), ("triu", triangle(torch.triu)))),
]
