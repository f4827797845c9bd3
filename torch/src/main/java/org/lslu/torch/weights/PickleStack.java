package org.lslu.torch.weights;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The stack and the memo of a pickle's machine. */
final class PickleStack {
  private final Deque<PickledValue> values = new ArrayDeque<>();
  private final Map<Long, PickledValue> memo = new HashMap<>();

  void push(PickledValue value) {
    values.push(value);
  }

  PickledValue pop() throws InvalidContentsException {
    final PickledValue value = values.poll();
    if (value == null) {
      throw new InvalidContentsException("its pickle takes a value from an empty stack");
    }
    return value;
  }

  PickledValue top() throws InvalidContentsException {
    final PickledValue value = values.peek();
    if (value == null) {
      throw new InvalidContentsException("its pickle needs a value and its stack is empty");
    }
    return value;
  }

  /** What was pushed last, as the kind of value that must be there. */
  <V extends PickledValue> V pop(Class<V> kind) throws InvalidContentsException {
    return as(kind, pop());
  }

  /** What lies on top, as the kind of value that must be there. */
  <V extends PickledValue> V top(Class<V> kind) throws InvalidContentsException {
    return as(kind, top());
  }

  /** The last so many values, in the order in which they were pushed. */
  List<PickledValue> pop(int count) throws InvalidContentsException {
    final List<PickledValue> found = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      found.add(pop());
    }
    Collections.reverse(found);
    return found;
  }

  /** What lies above the last mark, in the order in which it was pushed; the mark goes as well. */
  List<PickledValue> popToMark() throws InvalidContentsException {
    final List<PickledValue> found = new ArrayList<>();
    for (PickledValue value = pop(); value != PicklePart.Mark.MARK; value = pop()) {
      found.add(value);
    }
    Collections.reverse(found);
    return found;
  }

  void remember(long at) throws InvalidContentsException {
    memo.put(at, top());
  }

  void rememberNext() throws InvalidContentsException {
    remember(memo.size());
  }

  void recall(long at) throws InvalidContentsException {
    final PickledValue value = memo.get(at);
    if (value == null) {
      throw new InvalidContentsException(
          "its pickle recalls value %d, which it never stored".formatted(at));
    }
    push(value);
  }

  /** {@code value} as the kind that must be there. */
  static <V extends PickledValue> V as(Class<V> kind, PickledValue value)
      throws InvalidContentsException {
    if (kind.isInstance(value)) {
      return kind.cast(value);
    }
    throw new InvalidContentsException(
        "its pickle has a %s where a %s belongs"
            .formatted(value.getClass().getSimpleName(), kind.getSimpleName()));
  }
}
