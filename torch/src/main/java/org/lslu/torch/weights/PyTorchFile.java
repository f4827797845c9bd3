package org.lslu.torch.weights;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.UserException;
import org.lslu.torch.LibTorch;
import org.lslu.torch.Scopes;
import org.lslu.torch.weights.PickledValue.StoredTensor;

/**
 * Reads what PyTorch's {@code torch.save} writes ({@code .pth}, {@code .pt}), and writes what its
 * {@code torch.load} reads.
 *
 * <p>Such a file is a zip archive, nothing in it compressed: {@code data.pkl}, a pickle that says
 * what there is, and {@code data/0}, {@code data/1}, …, the values. A pickle is a program; PyTorch
 * has it run, unless told not to. Here it cannot: tensors, numbers, strings, truth values, None,
 * lists, tuples, dictionaries and {@code argparse.Namespace} are built, and a file that names
 * anything else is refused with that name.
 *
 * <p>Tensors are read one by one when they are asked for, so a checkpoint's optimiser costs
 * nothing.
 */
public final class PyTorchFile implements AutoCloseable {
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  /** The pickle of the number 0x1950a86a20f9469cfc6c, with which the format before 1.6 begins. */
  private static final byte[] LEGACY = {
    (byte) 0x8a, 0x0a, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8
  };

  private static final String PICKLE = "data.pkl";

  /** That of a network of a thousand tensors, with optimiser, has less than a hundredth. */
  private static final long LARGEST_PICKLE = 16 << 20;

  private final Path file;
  private final ZipFile archive;
  private final String root;
  private final PickledValue value;

  private PyTorchFile(Path file, ZipFile archive) throws IOException, InvalidContentsException {
    this.file = file;
    this.archive = archive;
    this.root = root();
    requireLittleEndian();
    this.value =
        RestrictedUnpickler.read(
            bytes(root + PICKLE), new StorageTable(key -> stored(root + "data/" + key).getSize()));
  }

  /**
   * Opens a file and reads what it says; no tensor yet.
   *
   * @throws UserException if there is no such file, it is no such archive, it is damaged, it is of
   *     the format before PyTorch 1.6, or its pickle names anything but tensors and plain values
   */
  public static PyTorchFile open(Path file) {
    LibTorch.start();
    try {
      requireArchive(file);
      final ZipFile archive = new ZipFile(file.toFile());
      try {
        return new PyTorchFile(file, archive);
      } catch (IOException | InvalidContentsException | RuntimeException problem) {
        archive.close();
        throw problem;
      }
    } catch (InvalidContentsException | IOException | IllegalArgumentException problem) {
      throw refusal(file, problem);
    }
  }

  private static UserException refusal(Path file, Exception problem) {
    return switch (problem) {
      case NoSuchFileException _, FileNotFoundException _ when Files.notExists(file) ->
          UserException.failure("There is no weight file " + file + ".", problem);
      case InvalidContentsException invalid ->
          UserException.failure(
              "The file %s is no readable PyTorch file: %s.".formatted(file, invalid.getMessage()),
              problem);
      case IOException unread ->
          UserException.failure(
              "The weight file %s cannot be read: %s.".formatted(file, WholeFile.reason(unread)),
              problem);
      default ->
          UserException.failure(
              "The file %s is no readable PyTorch file: its archive is damaged.".formatted(file),
              problem);
    };
  }

  private static void requireArchive(Path file) throws IOException, InvalidContentsException {
    final byte[] start;
    try (InputStream stream = Files.newInputStream(file)) {
      start = stream.readNBytes(2 + LEGACY.length);
    }
    if (start.length >= ZIP.length && Arrays.equals(start, 0, ZIP.length, ZIP, 0, ZIP.length)) {
      return;
    }
    if (start.length == 2 + LEGACY.length
        && Arrays.equals(start, 2, start.length, LEGACY, 0, LEGACY.length)) {
      throw new InvalidContentsException(
          "it has the format from before PyTorch 1.6; load it in PyTorch and save it again, with"
              + " torch.save(torch.load(file, map_location=\"cpu\"), new_file)");
    }
    throw new InvalidContentsException(
        "it does not begin as a zip archive, which torch.save writes since PyTorch 1.6");
  }

  private String root() throws InvalidContentsException {
    final List<String> names =
        archive.stream()
            .map(ZipEntry::getName)
            .filter(name -> name.equals(PICKLE) || name.matches("[^/]*/data\\.pkl"))
            .toList();
    if (names.size() != 1) {
      throw new InvalidContentsException(
          "its archive has %s data.pkl, and torch.save writes one"
              .formatted(names.isEmpty() ? "no" : "more than one"));
    }
    final String found = names.getFirst();
    final String above = found.substring(0, found.length() - PICKLE.length());
    if (archive.getEntry(above + "constants.pkl") != null) {
      throw new InvalidContentsException(
          "it is a TorchScript program, with code; save the tensors alone:"
              + " torch.save(torch.jit.load(file).state_dict(), new_file)");
    }
    return above;
  }

  private void requireLittleEndian() throws IOException, InvalidContentsException {
    if (archive.getEntry(root + "byteorder") == null) {
      return; // Files from before 2.1 do not say it, and are little-endian in practice.
    }
    final String order = new String(bytes(root + "byteorder"), StandardCharsets.US_ASCII).strip();
    if (!order.equals("little")) {
      throw new InvalidContentsException(
          "its values have the byte order %s, and only little can be read; save it again on a"
                  .formatted(RestrictedUnpickler.shown(order))
              + " little-endian machine");
    }
  }

  /** An entry whose bytes lie in the file as they are: it cannot be larger than the file. */
  private ZipEntry stored(String name) throws InvalidContentsException {
    final ZipEntry entry = archive.getEntry(name);
    if (entry == null) {
      throw new InvalidContentsException(
          "its archive has no entry " + RestrictedUnpickler.shown(name));
    }
    final long size = entry.getSize();
    if (entry.getMethod() != ZipEntry.STORED
        || size < 0
        || size != entry.getCompressedSize()
        || size > file.toFile().length()) {
      throw new InvalidContentsException(
          "its entry %s is compressed or cut off, and torch.save stores entries as they are"
              .formatted(RestrictedUnpickler.shown(name)));
    }
    return entry;
  }

  private byte[] bytes(String name) throws IOException, InvalidContentsException {
    final ZipEntry entry = stored(name);
    if (entry.getSize() > LARGEST_PICKLE) {
      throw new InvalidContentsException(
          "its entry %s has %d bytes, and at most %d are read"
              .formatted(RestrictedUnpickler.shown(name), entry.getSize(), LARGEST_PICKLE));
    }
    try (InputStream stream = archive.getInputStream(entry)) {
      final byte[] bytes = stream.readNBytes((int) entry.getSize());
      if (bytes.length < entry.getSize()) {
        throw new InvalidContentsException(
            "its entry %s is cut off".formatted(RestrictedUnpickler.shown(name)));
      }
      return bytes;
    }
  }

  /** What was saved. */
  public PickledValue value() {
    return value;
  }

  /**
   * Reads a tensor of this file.
   *
   * @return a contiguous copy, which belongs to the surrounding scope
   * @throws UserException if the file is damaged there
   */
  public Tensor read(StoredTensor tensor) {
    try {
      return Scopes.inner(
          () -> {
            try {
              return values(tensor);
            } catch (IOException | InvalidContentsException problem) {
              throw refusal(file, problem);
            }
          });
    } catch (IllegalArgumentException problem) {
      throw refusal(file, problem);
    }
  }

  private Tensor values(StoredTensor tensor) throws IOException, InvalidContentsException {
    final ElementType type = tensor.type();
    final long span = tensor.span();
    final ZipEntry entry = stored(root + "data/" + tensor.storage());
    try (InputStream stream = archive.getInputStream(entry)) {
      stream.skipNBytes(tensor.offset() * type.bytes());
      final ReadableByteChannel channel = Channels.newChannel(stream);
      if (span == 0 || tensor.isContiguous()) {
        return TensorMemory.read(channel, tensor.storage(), type, tensor.shape());
      }
      return TensorMemory.read(channel, tensor.storage(), type, span)
          .as_strided(tensor.shape(), tensor.strides())
          .contiguous();
    }
  }

  /**
   * Writes a file with a dictionary of tensors, as {@code torch.save(model.state_dict(), file)}
   * does, or replaces it in one step. {@code torch.load} reads it, with {@code weights_only=True}
   * as well. The same tensors give the same bytes.
   *
   * @param file the file; its directory must exist
   * @param tensors by name; of the element types that {@link Safetensors} has
   * @throws UserException if the directory is missing or cannot be written
   * @throws IllegalArgumentException if a tensor has another element type
   */
  public static void write(Path file, Map<String, Tensor> tensors) {
    final PyTorchArchive archive = PyTorchArchive.of(tensors);
    WholeFile.write(file, archive::write);
  }

  @Override
  public void close() {
    try {
      archive.close();
    } catch (IOException problem) {
      throw refusal(file, problem);
    }
  }
}
