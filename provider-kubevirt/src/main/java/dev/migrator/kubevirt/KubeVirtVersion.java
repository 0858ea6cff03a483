package dev.migrator.kubevirt;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A KubeVirt version; pre-release and build suffixes are ignored.
 *
 * @param major the first number
 * @param minor the second number
 * @param patch the third number
 */
record KubeVirtVersion(int major, int minor, int patch) implements Comparable<KubeVirtVersion> {

  private static final Pattern FORM = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4}).*");
  private static final Comparator<KubeVirtVersion> ORDER =
      Comparator.comparingInt(KubeVirtVersion::major)
          .thenComparingInt(KubeVirtVersion::minor)
          .thenComparingInt(KubeVirtVersion::patch);

  static Optional<KubeVirtVersion> parse(String text) {
    java.util.regex.Matcher found = FORM.matcher(text);
    return found.matches()
        ? Optional.of(
            of(
                Integer.parseInt(found.group(1)),
                Integer.parseInt(found.group(2)),
                Integer.parseInt(found.group(3))))
        : Optional.empty();
  }

  static KubeVirtVersion of(int major, int minor, int patch) {
    return new KubeVirtVersion(major, minor, patch);
  }

  boolean isAtLeast(KubeVirtVersion other) {
    return compareTo(other) >= 0;
  }

  boolean isSameMinor(KubeVirtVersion other) {
    return major == other.major && minor == other.minor;
  }

  /** The gate became Beta, on by default, after 1.9 (contract, section 9). */
  boolean hasGateByDefault() {
    return isAtLeast(of(1, 10, 0));
  }

  @Override
  public int compareTo(KubeVirtVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "v" + major + "." + minor + "." + patch;
  }
}
