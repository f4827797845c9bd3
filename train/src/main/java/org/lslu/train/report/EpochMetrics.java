package org.lslu.train.report;

/**
 * What one epoch came to: one line of {@code metrics.csv}.
 *
 * <p>A measure that was not taken is NaN; so is a loss that diverged.
 *
 * @param epoch number of the epoch, from 1
 * @param step optimiser steps since the run began
 * @param trainingLoss mean loss over the epoch's training batches
 * @param trainingTop1 part of the training images whose best class is right, 0 to 1
 * @param validationLoss mean loss over the validation images
 * @param validationTop1 part of the validation images whose best class is right, 0 to 1
 * @param validationTop5 part of the validation images whose class is among the best five, 0 to 1
 * @param learningRate the rate of the epoch's last step
 * @param imagesPerSecond training images per second
 * @param seconds time of the epoch, training and validation together
 * @param waiting part of the training's time that the network stood still for want of images, 0 to
 *     1; NaN in runs of versions that did not tell
 */
public record EpochMetrics(
    int epoch,
    long step,
    double trainingLoss,
    double trainingTop1,
    double validationLoss,
    double validationTop1,
    double validationTop5,
    double learningRate,
    double imagesPerSecond,
    double seconds,
    double waiting) {}
