package org.lslu.train.data;

/**
 * The operations that RandAugment chooses from, with timm's ranges: what a level of 0 to 10 means
 * for each of them.
 *
 * <p>Some operations do less at a higher level (posterise, solarise) or go from one extreme to the
 * other with no effect in the middle (the enhancements). Their increasing variants do more at a
 * higher level, in either direction.
 */
enum AugmentOperation {
  AUTO_CONTRAST {
    @Override
    void apply(Canvas canvas, Strength strength, RandomStream random) {
      Tones.autoContrast(canvas);
    }
  },
  EQUALISE {
    @Override
    void apply(Canvas canvas, Strength strength, RandomStream random) {
      Tones.equalise(canvas);
    }
  },
  INVERT {
    @Override
    void apply(Canvas canvas, Strength strength, RandomStream random) {
      Tones.invert(canvas);
    }
  },
  ROTATE {
    @Override
    void apply(Canvas canvas, Strength strength, RandomStream random) {
      double degrees = strength.eitherSide(30, random);
      ImageShape shape = canvas.shape();
      Warp.rotate(degrees, shape.height(), shape.width()).apply(canvas, strength.interpolation());
    }
  },
  POSTERISE {
    @Override
    void apply(Canvas canvas, Strength strength, RandomStream random) {
      int bits = (int) strength.upTo(4);
      Tones.posterise(canvas, strength.increasing() ? 4 - bits : bits);
    }
  },
  SOLARISE {
    @Override
    void apply(Canvas canvas, Strength strength, RandomStream random) {
      int threshold = (int) strength.upTo(256);
      Tones.solarise(canvas, strength.increasing() ? 256 - threshold : threshold);
    }
  },
  SOLARISE_ADD {
    @Override
    void apply(Canvas canvas, Strength strength, RandomStream random) {
      Tones.solariseAdd(canvas, (int) strength.upTo(110));
    }
  },
  COLOUR {
    @Override
    void apply(Canvas canvas, Strength strength, RandomStream random) {
      Enhancement.colour(canvas, strength.factor(random));
    }
  },
  CONTRAST {
    @Override
    void apply(Canvas canvas, Strength strength, RandomStream random) {
      Enhancement.contrast(canvas, strength.factor(random));
    }
  },
  BRIGHTNESS {
    @Override
    void apply(Canvas canvas, Strength strength, RandomStream random) {
      Enhancement.brightness(canvas, strength.factor(random));
    }
  },
  SHARPNESS {
    @Override
    void apply(Canvas canvas, Strength strength, RandomStream random) {
      Enhancement.sharpness(canvas, strength.factor(random));
    }
  },
  SHEAR_X {
    @Override
    void apply(Canvas canvas, Strength strength, RandomStream random) {
      Warp.shearX(strength.eitherSide(0.3, random)).apply(canvas, strength.interpolation());
    }
  },
  SHEAR_Y {
    @Override
    void apply(Canvas canvas, Strength strength, RandomStream random) {
      Warp.shearY(strength.eitherSide(0.3, random)).apply(canvas, strength.interpolation());
    }
  },
  TRANSLATE_X {
    @Override
    void apply(Canvas canvas, Strength strength, RandomStream random) {
      double pixels = strength.eitherSide(0.45, random) * canvas.shape().width();
      Warp.translate(pixels, 0).apply(canvas, strength.interpolation());
    }
  },
  TRANSLATE_Y {
    @Override
    void apply(Canvas canvas, Strength strength, RandomStream random) {
      double pixels = strength.eitherSide(0.45, random) * canvas.shape().height();
      Warp.translate(0, pixels).apply(canvas, strength.interpolation());
    }
  };

  /**
   * How strongly an operation works.
   *
   * @param level from 0 to the policy's highest, 10 as a rule
   * @param increasing whether more is stronger for every operation
   * @param interpolation of operations that move pixels
   */
  record Strength(double level, boolean increasing, Interpolation interpolation) {
    private static final double HIGHEST = 10;

    /** {@code most} at level 10. */
    double upTo(double most) {
      return level / HIGHEST * most;
    }

    /** That, or its negative, as likely. */
    double eitherSide(double most, RandomStream random) {
      double value = upTo(most);
      return random.nextBoolean() ? -value : value;
    }

    /** Factor of an enhancement, 1 for no change: 0.1 to 1.9, or 1 ± up to 0.9 if increasing. */
    double factor(RandomStream random) {
      return increasing ? Math.max(0.1, 1 + eitherSide(0.9, random)) : upTo(1.8) + 0.1;
    }
  }

  /** Changes the image on the canvas. */
  abstract void apply(Canvas canvas, Strength strength, RandomStream random);
}
