package org.lslu.train.data;

import java.io.InputStream;
import java.util.List;

/**
 * The test split of Fashion-MNIST (H. Xiao, K. Rasul and R. Vollgraf, 2017), which comes with this
 * library: 800 images of each class to train and 200 held out, always the same ones.
 */
record Sample() implements DataSource {
  static final String PREFIX = "sample";
  private static final String IMAGES = "/org/lslu/train/sample/t10k-images-idx3-ubyte.gz";
  private static final String LABELS = "/org/lslu/train/sample/t10k-labels-idx1-ubyte.gz";
  private static final double HELD_OUT = 0.2;
  private static final long SPLIT_SEED = 0;
  private static final List<String> NAMES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  @Override
  public String text() {
    return PREFIX;
  }

  @Override
  public DataSet load(LoadSettings settings) {
    try (DataFile images = resource(IMAGES);
        DataFile labels = resource(LABELS)) {
      ImageSet whole = IdxDirectory.Part.read(images, labels).toSet(NAMES);
      StratifiedSplit split = StratifiedSplit.of(whole, HELD_OUT, SPLIT_SEED);
      return new DataSet("Fashion-MNIST sample", split.train(), split.validation());
    }
  }

  private static DataFile resource(String name) {
    InputStream stream = Sample.class.getResourceAsStream(name);
    if (stream == null) {
      throw new IllegalStateException("The library was built without its resource " + name + ".");
    }
    return DataFile.of("the embedded sample " + name, stream);
  }
}
