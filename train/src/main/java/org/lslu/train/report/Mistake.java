package org.lslu.train.report;

/**
 * An image that is taken for something else.
 *
 * @param image its number in the set, from 0
 * @param origin its file, or {@code image 17} where there is no file of its own
 * @param truth its class
 * @param predicted the class that the network takes it for
 * @param probability that the network gives the wrong class
 */
public record Mistake(
    int image, String origin, String truth, String predicted, double probability) {}
