package org.lslu.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A row of a map cut into tiles, each with its generated code.
 *
 * @param side taps in a row of the kernel
 * @param width places in the row
 * @param together how many images the code works on at once
 * @param tiles from left to right
 */
record TapRow(int side, int width, int together, List<Tile> tiles) {
  /** Sums that are to be in flight, so that a multiply-add need not wait for the one before. */
  private static final int IN_FLIGHT = 8;

  private static final Map<Provider, Map<TapTile, TapLoop>> COMPILED = new ConcurrentHashMap<>();

  /**
   * One tile.
   *
   * @param from its first place in the row
   * @param shape what its code depends on
   * @param groups the code for groups of images
   * @param single the same for the images that fill no group
   */
  record Tile(int from, TapTile shape, TapLoop groups, TapLoop single) {
    /** The column of its first input. */
    int firstColumn() {
      return from - shape.side() / 2 + shape.left();
    }
  }

  TapRow {
    tiles = List.copyOf(tiles);
  }

  static TapRow of(Provider provider, int side, int width) {
    final int radius = side / 2;
    final int count = Math.ceilDiv(width, widest(provider, side));
    final int together = Math.max(1, IN_FLIGHT / width);
    final List<Tile> tiles = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      final int from = width * i / count;
      final int end = width * (i + 1) / count;
      final TapTile shape =
          new TapTile(
              side,
              end - from,
              Math.max(0, radius - from),
              Math.max(0, end + radius - width),
              together);
      final TapTile alone = new TapTile(side, shape.width(), shape.left(), shape.right(), 1);
      tiles.add(new Tile(from, shape, compiled(provider, shape), compiled(provider, alone)));
    }
    return new TapRow(side, width, together, tiles);
  }

  /**
   * How many places fit into the registers beside a row of taps and a column: of 32 where vectors
   * are of 512 bits, else of 16.
   */
  private static int widest(Provider provider, int side) {
    final int registers = provider.lanes() >= 16 ? 32 : 16;
    return Math.clamp(registers - side - 4, 2, 12);
  }

  private static TapLoop compiled(Provider provider, TapTile tile) {
    return COMPILED
        .computeIfAbsent(provider, _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(tile, _ -> new TapCompiler(provider.code()).compile(tile));
  }
}
