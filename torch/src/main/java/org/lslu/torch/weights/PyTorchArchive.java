package org.lslu.torch.weights;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bytedeco.pytorch.Tensor;

/** A zip archive as {@code torch.save} writes it for a dictionary of tensors. */
final class PyTorchArchive {
  /** The directory in which everything lies; PyTorch takes any name. */
  private static final String ROOT = "archive/";

  private static final String VERSION = "3\n";

  /** The first that a zip archive can hold, so that the same tensors give the same bytes. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final byte[] pickle;
  private final SequencedMap<String, Tensor> tensors;

  private PyTorchArchive(byte[] pickle, SequencedMap<String, Tensor> tensors) {
    this.pickle = pickle;
    this.tensors = tensors;
  }

  static PyTorchArchive of(Map<String, Tensor> tensors) {
    return new PyTorchArchive(StateDictPickle.of(tensors), new LinkedHashMap<>(tensors));
  }

  void write(FileChannel channel) throws IOException {
    final ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(channel));
    zip.setMethod(ZipOutputStream.STORED);
    write(zip, "data.pkl", pickle);
    write(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    int number = 0;
    for (final Tensor tensor : tensors.values()) {
      write(zip, "data/" + number++, tensor);
    }
    write(zip, "version", VERSION.getBytes(StandardCharsets.US_ASCII));
    zip.finish(); // not closed: the channel is still to be forced to the disk
    zip.flush();
  }

  private static void write(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    final CRC32 sum = new CRC32();
    sum.update(bytes);
    zip.putNextEntry(entry(name, bytes.length, sum));
    zip.write(bytes);
    zip.closeEntry();
  }

  private static void write(ZipOutputStream zip, String name, Tensor tensor) throws IOException {
    final CRC32 sum = new CRC32();
    TensorMemory.forEachPortion(tensor, sum::update);
    zip.putNextEntry(entry(name, tensor.nbytes(), sum));
    final WritableByteChannel channel = Channels.newChannel(zip);
    TensorMemory.forEachPortion(tensor, portion -> TensorMemory.writeFully(channel, portion));
    zip.closeEntry();
  }

  private static ZipEntry entry(String name, long size, CRC32 sum) {
    final ZipEntry entry = new ZipEntry(ROOT + name);
    entry.setTimeLocal(TIME);
    entry.setSize(size);
    entry.setCompressedSize(size);
    entry.setCrc(sum.getValue());
    return entry;
  }
}
