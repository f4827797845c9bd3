package org.lslu.train.report;

/**
 * How a moving average of the weights did: one line of {@code averages.csv}.
 *
 * @param epoch number of the epoch, from 1
 * @param decay the average's decay
 * @param validationLoss mean loss over the validation images
 * @param validationTop1 part of the validation images whose best class is right, 0 to 1
 * @param validationTop5 part of the validation images whose class is among the best five, 0 to 1
 */
public record AverageMetrics(
    int epoch, double decay, double validationLoss, double validationTop1, double validationTop5) {}
