package org.lslu.torch.weights;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.lslu.torch.weights.PicklePart.Callable;
import org.lslu.torch.weights.PicklePart.Mark;
import org.lslu.torch.weights.PicklePart.StorageClass;
import org.lslu.torch.weights.PickledValue.Mapping;
import org.lslu.torch.weights.PickledValue.Namespace;
import org.lslu.torch.weights.PickledValue.Nothing;
import org.lslu.torch.weights.PickledValue.Real;
import org.lslu.torch.weights.PickledValue.Sequence;
import org.lslu.torch.weights.PickledValue.StoredTensor;
import org.lslu.torch.weights.PickledValue.Text;
import org.lslu.torch.weights.PickledValue.Truth;
import org.lslu.torch.weights.PickledValue.Whole;

/**
 * Reads Python's pickle format, protocols 2 to 5, as far as tensors and plain containers need it.
 *
 * <p>A pickle is a program: it can name any function of any module and have it called. This machine
 * knows the five of {@link Callable} and the classes of storages, builds their results itself, and
 * refuses every other name. It does not call itself, so depth is no danger, and the number of
 * instructions is bounded.
 */
final class RestrictedUnpickler {
  /**
   * A checkpoint of a network of a thousand tensors, with optimiser, has some hundred thousand;
   * each may make a container.
   */
  private static final int MOST_INSTRUCTIONS = 1_000_000;

  private static final int NEWEST_PROTOCOL = 5;
  private static final int SHOWN = 60;

  private final ByteBuffer bytes;
  private final StorageTable storages;
  private final PickleStack stack = new PickleStack();

  private RestrictedUnpickler(ByteBuffer bytes, StorageTable storages) {
    this.bytes = bytes;
    this.storages = storages;
  }

  /**
   * Reads one pickle.
   *
   * @param pickle its bytes
   * @param storages makes tensors of what it refers to
   * @throws InvalidContentsException if it is damaged or names what is not read
   */
  static PickledValue read(byte[] pickle, StorageTable storages) throws InvalidContentsException {
    final ByteBuffer bytes = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    try {
      return new RestrictedUnpickler(bytes, storages).run();
    } catch (BufferUnderflowException e) {
      throw new InvalidContentsException("its pickle is cut off");
    }
  }

  private PickledValue run() throws InvalidContentsException {
    for (int i = 0; i < MOST_INSTRUCTIONS; i++) {
      final int code = bytes.get() & 0xff;
      if (code == '.') {
        return stack.pop();
      }
      step(code);
    }
    throw new InvalidContentsException(
        "its pickle has more than %d instructions".formatted(MOST_INSTRUCTIONS));
  }

  private void step(int code) throws InvalidContentsException {
    switch (code) {
      case 0x80 -> protocol();
      case 0x95 -> bytes.getLong(); // FRAME: only of use to readers of a stream
      case '(' -> stack.push(Mark.MARK);
      case '0' -> stack.pop();
      case '1' -> stack.popToMark();
      case 'N' -> stack.push(Nothing.NONE);
      case 0x88 -> stack.push(new Truth(true));
      case 0x89 -> stack.push(new Truth(false));
      case 'J' -> push(bytes.getInt());
      case 'K' -> push(bytes.get() & 0xff);
      case 'M' -> push(bytes.getShort() & 0xffff);
      case 0x8a -> pushWhole(bytes.get() & 0xff);
      case 0x8b -> pushWhole(bytes.getInt());
      case 'G' -> stack.push(new Real(Double.longBitsToDouble(Long.reverseBytes(bytes.getLong()))));
      case 'X' -> pushText(bytes.getInt() & 0xffffffffL, StandardCharsets.UTF_8);
      case 0x8c -> pushText(bytes.get() & 0xff, StandardCharsets.UTF_8);
      case 0x8d -> pushText(bytes.getLong(), StandardCharsets.UTF_8);
      case 'U' -> pushText(bytes.get() & 0xff, StandardCharsets.ISO_8859_1);
      case 'q' -> stack.remember(bytes.get() & 0xff);
      case 'r' -> stack.remember(bytes.getInt() & 0xffffffffL);
      case 0x94 -> stack.rememberNext();
      case 'h' -> stack.recall(bytes.get() & 0xff);
      case 'j' -> stack.recall(bytes.getInt() & 0xffffffffL);
      default -> container(code);
    }
  }

  private void container(int code) throws InvalidContentsException {
    switch (code) {
      case ']' -> stack.push(new Sequence(List.of()));
      case 'l', 't' -> stack.push(new Sequence(stack.popToMark()));
      case ')' -> stack.push(new Sequence(List.of()));
      case 0x85 -> stack.push(new Sequence(stack.pop(1)));
      case 0x86 -> stack.push(new Sequence(stack.pop(2)));
      case 0x87 -> stack.push(new Sequence(stack.pop(3)));
      case 'a' -> append(stack.pop(1));
      case 'e' -> append(stack.popToMark());
      case '}' -> stack.push(new Mapping());
      case 'd' -> {
        final List<PickledValue> entries = stack.popToMark();
        stack.push(new Mapping());
        put(entries);
      }
      case 's' -> put(stack.pop(2));
      case 'u' -> put(stack.popToMark());
      default -> call(code);
    }
  }

  private void call(int code) throws InvalidContentsException {
    switch (code) {
      case 'c' -> stack.push(named(line(), line()));
      case 0x93 -> {
        final String name = stack.pop(Text.class).value();
        stack.push(named(stack.pop(Text.class).value(), name));
      }
      case 'Q' -> stack.push(storages.storage(stack.pop(Sequence.class).elements()));
      case 'R', 0x81 -> {
        final List<PickledValue> arguments = stack.pop(Sequence.class).elements();
        stack.push(called(stack.pop(Callable.class), arguments));
      }
      case 'b' -> build();
      default ->
          throw new InvalidContentsException(
              "its pickle has the instruction 0x%02x, which tensors and plain containers do not need"
                  .formatted(code));
    }
  }

  private void protocol() throws InvalidContentsException {
    final int protocol = bytes.get() & 0xff;
    if (protocol < 2 || protocol > NEWEST_PROTOCOL) {
      throw new InvalidContentsException(
          "its pickle has protocol %d, and 2 to %d can be read"
              .formatted(protocol, NEWEST_PROTOCOL));
    }
  }

  private void push(int value) {
    stack.push(new Whole(BigInteger.valueOf(value)));
  }

  private void pushWhole(int length) throws InvalidContentsException {
    final byte[] littleEndian = take(length);
    final byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
    }
    stack.push(new Whole(bigEndian.length == 0 ? BigInteger.ZERO : new BigInteger(bigEndian)));
  }

  private void pushText(long length, Charset charset) throws InvalidContentsException {
    stack.push(new Text(text(take(length), charset)));
  }

  private static String text(byte[] bytes, Charset charset) throws InvalidContentsException {
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidContentsException("its pickle has a string that is not UTF-8");
    }
  }

  /** The next bytes; nothing is allocated for what is not there. */
  private byte[] take(long length) throws InvalidContentsException {
    if (length < 0 || length > bytes.remaining()) {
      throw new InvalidContentsException("its pickle is cut off");
    }
    final byte[] taken = new byte[(int) length];
    bytes.get(taken);
    return taken;
  }

  private String line() throws InvalidContentsException {
    final int start = bytes.position();
    while (bytes.get() != '\n') {
      // On to the end of the line; the buffer's end is an exception of its own.
    }
    final int length = bytes.position() - 1 - start;
    final byte[] line = new byte[length];
    bytes.get(start, line);
    return text(line, StandardCharsets.UTF_8);
  }

  private static PickledValue named(String module, String name) throws InvalidContentsException {
    final String whole = module + "." + name;
    final Optional<Callable> callable = Callable.named(whole);
    if (callable.isPresent()) {
      return callable.get();
    }
    final Optional<ElementType> type =
        module.equals("torch") || module.equals("torch.cuda")
            ? ElementType.ofStorage(name)
            : Optional.empty();
    if (type.isPresent()) {
      return new StorageClass(type.get());
    }
    throw new InvalidContentsException(
        "it names %s, and a pickle may have what it names run as code, so only tensors, numbers,"
                .formatted(shown(whole))
            + " strings, lists and dictionaries are built; if you trust the file, load it in"
            + " PyTorch and save the tensors alone: torch.save(model.state_dict(), file)");
  }

  private static PickledValue called(Callable callable, List<PickledValue> arguments)
      throws InvalidContentsException {
    return switch (callable) {
      case ORDERED_DICT -> {
        requireArguments(callable, arguments, 0);
        yield new Mapping();
      }
      case NAMESPACE -> {
        requireArguments(callable, arguments, 0);
        yield new Namespace();
      }
      case SIZE -> {
        requireArguments(callable, arguments, 1);
        yield PickleStack.as(Sequence.class, arguments.getFirst());
      }
      case TENSOR -> StorageTable.tensor(arguments);
      case PARAMETER -> {
        requireArguments(callable, arguments, 3);
        yield PickleStack.as(StoredTensor.class, arguments.getFirst());
      }
    };
  }

  private static void requireArguments(
      Callable callable, List<PickledValue> arguments, int expected)
      throws InvalidContentsException {
    if (arguments.size() != expected) {
      throw new InvalidContentsException(
          "its pickle calls %s with %d arguments instead of %d"
              .formatted(callable, arguments.size(), expected));
    }
  }

  /** Attributes: a namespace's are what it holds; an ordered dictionary's say nothing we need. */
  private void build() throws InvalidContentsException {
    final PickledValue state = stack.pop();
    switch (stack.top()) {
      case Namespace namespace -> namespace.attributes(PickleStack.as(Mapping.class, state));
      case Mapping _ -> PickleStack.as(Mapping.class, state);
      case PickledValue other ->
          throw new InvalidContentsException(
              "its pickle gives attributes to a " + other.getClass().getSimpleName());
    }
  }

  private void append(List<PickledValue> values) throws InvalidContentsException {
    final Sequence sequence = stack.top(Sequence.class);
    values.forEach(sequence::add);
  }

  private void put(List<PickledValue> keysAndValues) throws InvalidContentsException {
    final Mapping mapping = stack.top(Mapping.class);
    if (keysAndValues.size() % 2 != 0) {
      throw new InvalidContentsException("its pickle has a dictionary with a key without a value");
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      mapping.put(key(keysAndValues.get(i)), keysAndValues.get(i + 1));
    }
  }

  private static String key(PickledValue key) throws InvalidContentsException {
    return switch (key) {
      case Text text -> text.value();
      case Whole whole when whole.value().bitLength() < Long.SIZE -> whole.value().toString();
      case Real real -> Double.toString(real.value());
      case Truth truth -> truth.value() ? "True" : "False";
      case Nothing _ -> "None";
      default ->
          throw new InvalidContentsException(
              "its pickle has a dictionary with a %s as key"
                  .formatted(key.getClass().getSimpleName()));
    };
  }

  /** A name out of a file as messages show it: on one line and not without end. */
  static String shown(String name) {
    return "\"%s\"".formatted(clean(name));
  }

  /** The same without quotes. */
  static String clean(String name) {
    // Control and format characters, such as a terminal's sequences and bidirectional marks.
    final String clean = name.replaceAll("[\\p{Cc}\\p{Cf}\"]", "?");
    return clean.length() <= SHOWN ? clean : clean.substring(0, SHOWN) + "…";
  }
}
