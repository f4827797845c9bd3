package org.lslu.train.plot;

import java.util.ArrayList;
import java.util.List;

/**
 * Leaves out the points of a line that are not seen: those nearer to the line without them than a
 * tolerance (the algorithm of Ramer, 1972, and Douglas and Peucker, 1973).
 */
final class Outline {
  private static final double TOLERANCE = 0.04; // pixels

  private Outline() {}

  static List<Point> of(List<Point> points) {
    final boolean[] kept = new boolean[points.size()];
    kept[0] = true;
    kept[points.size() - 1] = true;
    keep(points, 0, points.size() - 1, kept);
    final List<Point> outline = new ArrayList<>();
    for (int i = 0; i < kept.length; i++) {
      if (kept[i]) {
        outline.add(points.get(i));
      }
    }
    return outline;
  }

  private static void keep(List<Point> points, int first, int last, boolean[] kept) {
    int farthest = first;
    double most = TOLERANCE;
    for (int i = first + 1; i < last; i++) {
      final double distance = distance(points.get(i), points.get(first), points.get(last));
      if (distance > most) {
        most = distance;
        farthest = i;
      }
    }
    if (farthest > first) {
      kept[farthest] = true;
      keep(points, first, farthest, kept);
      keep(points, farthest, last, kept);
    }
  }

  /** Distance of p from the line through a and b, which differ in x. */
  private static double distance(Point p, Point a, Point b) {
    final double dx = b.x() - a.x();
    final double dy = b.y() - a.y();
    return Math.abs(dx * (p.y() - a.y()) - dy * (p.x() - a.x())) / Math.hypot(dx, dy);
  }
}
