package org.lslu.train.run;

import static org.lslu.function.Expressions.add;
import static org.lslu.function.Expressions.multiply;
import static org.lslu.function.Expressions.x;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.lslu.function.ActivationFunction;
import org.lslu.function.Catalogue;
import org.lslu.function.Composition;
import org.lslu.function.Expression;
import org.lslu.function.Parameter;
import org.lslu.function.Sharing;
import org.lslu.torch.layer.ActivationLayer;
import org.lslu.torch.layer.Layer;
import org.lslu.torch.layer.LeakySlope;
import org.lslu.train.analysis.AffineSearch;
import org.lslu.train.analysis.InputWeights;
import org.lslu.train.analysis.KnownFunctions;
import org.lslu.train.analysis.Likeness;
import org.lslu.train.data.ImageSet;

/**
 * Puts a·g(b·x + c) + d in the place of a learned function, g a known one, and asks what that costs
 * in accuracy. Nothing is trained after it.
 */
final class Replacement {
  /** Of the parameters a, b, c and d; no known function has one of these names. */
  private static final List<String> NAMES =
      List.of("outer_scale", "inner_scale", "inner_shift", "outer_shift");

  private final TrainedRun trained;
  private final ImageSet images;

  Replacement(TrainedRun trained, ImageSet images) {
    this.trained = trained;
    this.images = images;
  }

  /** What stands in a layer's place: one fit for each of its parameter sets. */
  record Stand(String function, List<Likeness> fits) {}

  /** Fits a known function to every parameter set of a layer; a dead set gets a constant. */
  static Stand stand(ActivationLayer layer, InputWeights inputs, String name) {
    final ActivationFunction.Curve curve = layer.function().curve();
    final List<Likeness> fits = new ArrayList<>();
    for (final double[] set : layer.values()) {
      final double[] values = curve.at(inputs.x(), set);
      final AffineSearch search = new AffineSearch(inputs, values);
      fits.add(
          search.isConstant()
              ? new Likeness(name, 0, 0, 1, 0, values[0])
              : KnownFunctions.liken(search, name));
    }
    return new Stand(name, fits);
  }

  /** How the network does as it is. */
  Evaluation unchanged() {
    return Evaluation.of(trained.model(), images, trained.run().images().normalisation());
  }

  /**
   * How the network does with other functions in some of its layers.
   *
   * @param stands by the layers' names
   */
  Evaluation with(Map<String, Stand> stands) {
    final Model changed =
        Model.create(
            trained.run().settings(),
            trained.run().images(),
            (place, channels) -> {
              final Stand stand = stands.get(place);
              final ActivationFunction learned = trained.model().function();
              return new ActivationLayer(
                  stand == null ? learned : function(stand, channels), channels);
            });
    try (PointerScope scope = new PointerScope();
        NoGradGuard off = new NoGradGuard()) {
      final Map<String, Tensor> state = new LinkedHashMap<>();
      final Map<String, Tensor> old = trained.model().network().state();
      changed
          .network()
          .state()
          .forEach((name, tensor) -> state.put(name, old.getOrDefault(name, tensor)));
      changed.network().load(state);
      for (final Layer layer : changed.network().chosenActivations()) {
        final Stand stand = stands.get(layer.path());
        if (stand != null) {
          set(layer, stand);
        }
      }
    }
    trained
        .model()
        .network()
        .walk()
        .filter(LeakySlope.class::isInstance)
        .map(LeakySlope.class::cast)
        .findFirst()
        .ifPresent(slope -> changed.slope(slope.slope()));
    return Evaluation.of(changed, images, trained.run().images().normalisation());
  }

  private static void set(Layer layer, Stand stand) {
    final List<ToDoubleFunction<Likeness>> parts =
        List.of(Likeness::a, Likeness::b, Likeness::c, Likeness::d);
    for (int i = 0; i < parts.size(); i++) {
      final float[] values = new float[stand.fits().size()];
      for (int set = 0; set < values.length; set++) {
        values[set] = (float) parts.get(i).applyAsDouble(stand.fits().get(set));
      }
      final Tensor place = layer.tensor(NAMES.get(i));
      place.copy_(Tensor.create(values).reshape(place.sizes()));
    }
  }

  private static ActivationFunction function(Stand stand, int channels) {
    final ActivationFunction g = Catalogue.function(stand.function());
    final int sets = stand.fits().size();
    final Sharing several = sets == channels ? Sharing.channel() : Sharing.groups(sets);
    final Sharing sharing = sets == 1 ? Sharing.layer() : several;
    final List<Parameter> four =
        NAMES.stream().map(one -> Parameter.of(one, 0).shared(sharing)).toList();
    final Expression inner = add(multiply(four.get(1).element(0), x()), four.get(2).element(0));
    final List<Parameter> all = new ArrayList<>(four);
    g.parameters().forEach(parameter -> all.add(parameter.shared(Sharing.layer())));
    return new ActivationFunction(
        stand.function() + ", replaced",
        add(
            multiply(four.get(0).element(0), Composition.of(g.expression(), inner)),
            four.get(3).element(0)),
        all,
        g.source());
  }
}
