package org.lslu.torch.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.UserException;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Shapes;

/**
 * Reads and writes tensors by name in the safetensors format.
 *
 * <p>A file is the length of its header (8 bytes, little-endian), the header (JSON: dtype, shape
 * and place of each tensor, and texts of metadata), and the values, row by row, without gaps.
 * Reading runs no code of the file's and believes none of its numbers unchecked.
 */
public final class Safetensors {
  private static final int LENGTH_BYTES = Long.BYTES;
  private static final int ALIGNMENT = 8;

  /** The largest header that the format's own library reads. */
  private static final long LARGEST_HEADER = 100_000_000;

  private Safetensors() {}

  /**
   * What a file holds.
   *
   * @param tensors by name, in the order of the header
   * @param metadata texts by name
   */
  public record Contents(
      SequencedMap<String, Tensor> tensors, SequencedMap<String, String> metadata) {}

  /**
   * Reads a file.
   *
   * @param file a file in the safetensors format with elements of type F64, F32, F16, BF16, I64,
   *     I32, I16, I8, U8 or BOOL
   * @return its contents; the tensors are copies and belong to the surrounding scope
   * @throws UserException if there is no such file, or it is cut off or damaged
   */
  public static Contents read(Path file) {
    LibTorch.start();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Header header = header(channel);
      long start = channel.position();
      SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
      for (Map.Entry<String, Header.Entry> named : header.entries().entrySet()) {
        channel.position(start + named.getValue().begin());
        Header.Entry entry = named.getValue();
        tensors.put(
            named.getKey(),
            TensorMemory.read(channel, named.getKey(), entry.type(), entry.sizes()));
      }
      return new Contents(tensors, header.metadata());
    } catch (NoSuchFileException e) {
      throw UserException.failure("There is no weight file " + file + ".", e);
    } catch (InvalidContentsException e) {
      throw UserException.failure(
          "The file %s is no readable safetensors file: %s.".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw UserException.failure(
          "The weight file %s cannot be read: %s.".formatted(file, WholeFile.reason(e)), e);
    }
  }

  private static Header header(FileChannel channel) throws IOException, InvalidContentsException {
    long size = channel.size();
    if (size < LENGTH_BYTES) {
      throw new InvalidContentsException("it has only %d bytes".formatted(size));
    }
    ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    TensorMemory.readFully(channel, length);
    long headerBytes = length.flip().getLong();
    if (headerBytes < 0 || headerBytes > LARGEST_HEADER) {
      throw new InvalidContentsException(
          "it starts with a header length of %s, and at most %d is allowed"
              .formatted(Long.toUnsignedString(headerBytes), LARGEST_HEADER));
    }
    if (headerBytes > size - LENGTH_BYTES) {
      throw new InvalidContentsException(
          "it is cut off: its header needs %d bytes, but there are %d"
              .formatted(headerBytes, size - LENGTH_BYTES));
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) headerBytes);
    TensorMemory.readFully(channel, bytes);
    Header header;
    try {
      header =
          HeaderParser.parse(StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
    } catch (CharacterCodingException e) {
      throw new InvalidContentsException("its header is not UTF-8 text");
    }
    header.check(size - LENGTH_BYTES - headerBytes);
    return header;
  }

  /**
   * Writes a file, or replaces it in one step: whoever reads it meanwhile finds the old or the new
   * one whole.
   *
   * <p>Tensors are laid out by element size, the largest first, so that each is aligned, and by
   * name; metadata is sorted by name. So the same contents give the same bytes.
   *
   * @param file the file; its directory must exist
   * @param tensors by name; F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL
   * @param metadata texts by name
   * @throws UserException if the directory is missing or cannot be written
   * @throws IllegalArgumentException if a tensor has another element type or the name {@code
   *     __metadata__}
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    SequencedMap<String, ElementType> types = types(tensors);
    Map<String, long[]> shapes = new HashMap<>();
    tensors.forEach((name, tensor) -> shapes.put(name, Shapes.of(tensor)));
    Header header = Header.laidOut(types, shapes, metadata);
    WholeFile.write(file, channel -> write(channel, header, tensors));
  }

  private static SequencedMap<String, ElementType> types(Map<String, Tensor> tensors) {
    SequencedMap<String, ElementType> types = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(tensors.keySet());
    Map<String, ElementType> unordered = new HashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.equals(Header.METADATA)) {
            throw new IllegalArgumentException("A tensor cannot be named " + name + ".");
          }
          unordered.put(
              name,
              ElementType.of(tensor)
                  .orElseThrow(
                      () ->
                          new IllegalArgumentException(
                              "The tensor \"%s\" has elements of type %s, and only %s can be written."
                                  .formatted(name, tensor.scalar_type(), ElementType.names()))));
        });
    names.sort(
        Comparator.comparingInt(
                (String name) -> -unordered.getOrDefault(name, ElementType.BOOL).bytes())
            .thenComparing(Comparator.naturalOrder()));
    names.forEach(name -> types.put(name, unordered.getOrDefault(name, ElementType.BOOL)));
    return types;
  }

  private static void write(FileChannel channel, Header header, Map<String, Tensor> tensors)
      throws IOException {
    byte[] json = header.json().getBytes(StandardCharsets.UTF_8);
    int padded = Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT;
    byte[] text = Arrays.copyOf(json, padded);
    Arrays.fill(text, json.length, padded, (byte) ' ');
    ByteBuffer start = ByteBuffer.allocate(LENGTH_BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
    TensorMemory.writeFully(channel, start.putLong(padded).put(text).flip());
    for (String name : header.entries().keySet()) {
      Tensor tensor = tensors.get(name);
      if (tensor != null) {
        TensorMemory.forEachPortion(tensor, portion -> TensorMemory.writeFully(channel, portion));
      }
    }
  }
}
