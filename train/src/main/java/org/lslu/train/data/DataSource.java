package org.lslu.train.data;

/**
 * Where labelled images come from: the meaning of the text after {@code --data}.
 *
 * <table>
 *   <caption>Texts and what they name</caption>
 *   <tr><th>text</th><th>images</th></tr>
 *   <tr><td>{@code sample}</td><td>Fashion-MNIST's test split, which comes with this library: 8,000
 *       to train, 2,000 held out</td></tr>
 *   <tr><td>{@code cifar10:DIR}</td><td>CIFAR-10, binary version</td></tr>
 *   <tr><td>{@code cifar100:DIR}</td><td>CIFAR-100, binary version, fine labels</td></tr>
 *   <tr><td>{@code records:DIR}</td><td>CIFAR-10's record format with up to 256 classes: train.bin,
 *       val.bin, classes.txt</td></tr>
 *   <tr><td>{@code idx:DIR}</td><td>IDX files as of MNIST, plain or gzipped</td></tr>
 *   <tr><td>{@code folder:DIR}</td><td>JPEG, PNG, WebP, BMP and GIF files, a folder for each class,
 *       with or without train, val and test above</td></tr>
 *   <tr><td>{@code DIR}</td><td>whichever of these the directory holds</td></tr>
 * </table>
 */
public sealed interface DataSource
    permits Sample, Cifar10, Cifar100, RecordDirectory, IdxDirectory, ImageFolder {

  /**
   * The source that a text names.
   *
   * @param text {@code sample}, a prefix and a directory, or a directory alone
   * @throws org.lslu.function.UserException if the prefix is unknown, the directory is missing, or
   *     a directory alone holds none or several of the formats
   */
  static DataSource parse(String text) {
    return DataArgument.parse(text);
  }

  /**
   * The text that names this source from any working directory: its prefix and absolute directory.
   */
  String text();

  /**
   * Reads all images into memory.
   *
   * @throws org.lslu.function.UserException if a file is missing, cannot be read, is truncated or
   *     has a label that is no class; the message names the file and the place in it
   */
  DataSet load(LoadSettings settings);

  /** Reads all images into memory with {@link LoadSettings#DEFAULT}. */
  default DataSet load() {
    return load(LoadSettings.DEFAULT);
  }
}
