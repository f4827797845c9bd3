package org.lslu.train.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.lslu.function.UserException;

/**
 * Records of label bytes followed by 3×32×32 pixels in planes of red, green and blue, as in the
 * binary versions of CIFAR (A. Krizhevsky, "Learning multiple layers of features from tiny images",
 * 2009).
 *
 * @param labelClasses number of classes of each label byte; the last label is the one to learn
 */
record RecordFormat(List<Integer> labelClasses) {
  static final ImageShape SHAPE = new ImageShape(3, 32, 32);

  /** One label byte of so many classes. */
  static RecordFormat of(int classes) {
    return new RecordFormat(List.of(classes));
  }

  int recordLength() {
    return labelClasses.size() + SHAPE.values();
  }

  /** Adds all records of {@code file} to {@code target}. */
  void read(Path file, LabelledImages target) {
    byte[] bytes = new byte[recordLength()];
    try (DataFile in = DataFile.open(file)) {
      int record = 0;
      int count;
      while ((count = in.read(bytes)) == bytes.length) {
        target.add(
            Arrays.copyOfRange(bytes, labelClasses.size(), bytes.length),
            label(bytes, file, record));
        record++;
      }
      if (count != 0) {
        throw UserException.failure(
            ("%s is truncated or of another format: after %s whole records of %s bytes come %s bytes"
                    + " more; get the file again.")
                .formatted(file, record, bytes.length, count));
      }
      if (record == 0) {
        throw UserException.failure(
            "%s is empty; expected records of %s bytes.".formatted(file, bytes.length));
      }
    }
  }

  private int label(byte[] bytes, Path file, int record) {
    int label = 0;
    for (int k = 0; k < labelClasses.size(); k++) {
      label = bytes[k] & 0xff;
      int classes = labelClasses.get(k);
      if (label >= classes) {
        throw UserException.failure(
            ("%s has label %s in record %s (counted from 0); there are %s classes, so labels go from"
                    + " 0 to %s.")
                .formatted(file, label, record, classes, classes - 1));
      }
    }
    return label;
  }
}
