# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What programs print, and how they fail, in the order of the program."""

import numpy as np
import pytest
import torch

import mind


def i64(value):
    return torch.tensor(value, dtype=torch.int64)


def outcome(function, capsys, *inputs):
    """What a call prints, and the code and line of its error."""
    error = None
    try:
        function(*inputs)
    except mind.RunError as raised:
        error = (raised.code, raised.line)
    return capsys.readouterr().out, error


ORDER = """fn main(a: i64, b: i64, c: i64) {
  println("one");
  let q = a / b;
  println("two", q);
  assert(c > 0, "three");
  let unused = a % c;
  println("four");
  assert(q > 0);
}
"""


@pytest.mark.parametrize("inputs, text, error", [
    ((6, 2, 1), "one\ntwo 3\nfour\n", None),
    ((6, 0, 1), "one\n", ("E6005", 3)),
    ((6, 0, 0), "one\n", ("E6005", 3)),
    ((6, 2, 0), "one\ntwo 3\n", ("E6006", 5)),
    ((-6, 2, 1), "one\ntwo -3\nfour\n", ("E6006", 8)),
])
def test_prints_and_errors_keep_their_order(capsys, inputs, text, error):
    function = mind.compile(ORDER)
    assert outcome(function, capsys, *map(i64, inputs)) == (text, error)
    # A failed call leaves nothing behind.
    assert outcome(function, capsys, i64(6), i64(2), i64(1)) == ("one\ntwo 3\nfour\n", None)


@pytest.mark.parametrize("body, code, wrong", [
    ("10 / n", "E6005", "n"),
    ("let q = 5; q /= (n * 2); q", "E6005", "n * 2"),
    ("[7, 8] % [n, 1]", "E6005", "[n, 1]"),
    ("(n + 1).div(y=n)", "E6005", "n"),
    ("pow(3, n - 1)", "E6006", "n - 1"),
    ("iota(3, 0)[n + 3]", "E6001", "n + 3"),
    ("zeros([3, 2])[1, n - 3]", "E6001", "1, n - 3"),
    ("zeros([3, 2])[n + 3, n]", "E6001", "n + 3, n"),
    ("zeros([3, 2])[:2, n + 2]", "E6001", "n + 2"),
    ("index(zeros([3, 2]), n + 2, axes=1)", "E6001", "n + 2"),
    ("gather(zeros(3), [1, n - 1])", "E6001", "[1, n - 1]"),
    ("embedding(zeros([3, 2]), [n + 3])", "E6001", "[n + 3]"),
    ("one_hot([0, n - 1], 3)", "E6001", "[0, n - 1]"),
    ("scatter_add(zeros(3), [n - 1], [1.0])", "E6001", "[n - 1]"),
])
def test_errors_show_what_is_wrong(body, code, wrong):
    with pytest.raises(mind.RunError) as caught:
        mind.compile(f"fn main(n: i64) {{ {body} }}")(i64(0))
    source, underline = str(caught.value).splitlines()[-2:]
    begin, end = underline.index("^"), underline.rindex("^") + 1
    assert (caught.value.code, source[begin:end]) == (code, wrong)


def test_order_among_fused_kernels(capsys):
    """Kernels between prints fuse with what comes before, and after."""
    function = mind.compile("""fn main(x: Tensor<i32,[64]>, y: Tensor<i32,[64]>) {
      let s = sum(x * 2 + 1);
      println(s);
      let q = (x + y) / y - 1;
      println(sum(q * q));
      sum(relu(q)) + s
    }""")
    x, y = (torch.arange(64, dtype=torch.int32) for _ in range(2))
    total = int((x * 2 + 1).sum())
    assert outcome(function, capsys, x, y) == (f"{total}\n", ("E6005", 4))
    y += 1
    q = torch.div(x + y, y, rounding_mode="trunc") - 1
    assert outcome(function, capsys, x, y) == (f"{total}\n{int((q * q).sum())}\n", None)


def test_what_is_printed_is_not_overwritten(capsys):
    """Values that end in a result, in a loop's buffers or in an argument of one."""
    function = mind.compile("""fn main(x: Tensor<f32,[5]>, n: i64) -> Tensor<f32,[5]> {
      let y = x + 1;
      let kept = y;
      for i in 0..n {
        println(y);
        let old = y;
        y = y * 2;
        println(i, old, y);
      }
      println(kept);
      y + kept
    }""")
    x = np.float32([0, 1, 2, 3, 4])
    result = function(x, np.int64(2))
    y = x + 1
    lines = []
    for i in range(2):
        lines += [y, f"{i} {y} {y * 2}"]
        y = y * 2
    assert capsys.readouterr().out == "\n".join(map(str, [*lines, x + 1])) + "\n"
    np.testing.assert_array_equal(result, y + x + 1)


@pytest.mark.parametrize("rows, columns", [(1, 1), (2, 3), (40, 30)])
def test_named_sizes(capsys, rows, columns):
    function = mind.compile("""fn main(x: Tensor<f32,[A,B]>) {
      println(x, transpose(x));
      println(x * 2, sum(x, axes=[0]), flatten(x));
      assert(sum(x) >= 0);
    }""")
    x = np.arange(rows * columns, dtype=np.float32).reshape(rows, columns)
    function(x)
    assert capsys.readouterr().out == f"{x} {x.T}\n{x * 2} {x.sum(0)} {x.reshape(-1)}\n"
    assert outcome(function, capsys, x - 10000)[1] == ("E6006", 4)


def test_prints_in_calls_and_branches(capsys):
    function = mind.compile("""
    fn check(x: f32) -> bool { println("check", x); x > 0 }
    fn main(x: f32, y: f32) -> bool {
      let both = check(x) && check(y);
      let either = check(x) || check(y);
      println(both, either);
      both
    }""")
    function(np.float32(1), np.float32(-1))
    assert capsys.readouterr().out == ("check 1.0\ncheck -1.0\n"
                                       "check 1.0\nFalse True\n")
    function(np.float32(-1), np.float32(1))
    assert capsys.readouterr().out == ("check -1.0\n"
                                       "check -1.0\ncheck 1.0\nFalse True\n")


def test_prints_in_the_condition_of_a_loop(capsys):
    function = mind.compile("""
    fn goes_on(x: Tensor<i32,[2]>) -> bool { println("check", x); sum(x) < 10 }
    fn main(start: Tensor<i32,[2]>) -> Tensor<i32,[2]> {
      let x = start;
      while goes_on(x) { x = x * 2; println("double", x); }
      x
    }""")
    np.testing.assert_array_equal(function(np.int32([1, 2])), [4, 8])
    assert capsys.readouterr().out == ("check [1 2]\ndouble [2 4]\ncheck [2 4]\n"
                                       "double [4 8]\ncheck [4 8]\n")


def test_many_prints_share_their_stack(capsys):
    """Views are made once a function, not once a print or an iteration."""
    prints = "".join("println(x, x, x, x);\n" for _ in range(300))
    function = mind.compile(f"fn main(x: Tensor<i64,[1]>, n: i64) {{ for i in 0..n {{ {prints} }} }}")
    function(np.int64([7]), np.int64(500))
    assert capsys.readouterr().out == "[7] [7] [7] [7]\n" * 150000
