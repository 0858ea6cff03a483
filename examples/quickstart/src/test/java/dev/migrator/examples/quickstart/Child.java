package dev.migrator.examples.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The demo as a process of its own. */
final class Child implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private boolean silent;

  private Child(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "demo-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts the demo with these properties. */
  static Child start(Map<String, String> properties) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.add(Demo.class.getName());
    return new Child(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** Waits until it has printed a line that contains this. */
  Child untilItSays(String words) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    synchronized (lines) {
      while (lines.stream().noneMatch(line -> line.contains(words))) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (silent || left <= 0) {
          throw new AssertionError("It did not say '" + words + "':\n" + text());
        }
        lines.wait(left);
      }
    }
    return this;
  }

  /** Ends it at once, as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Sends it a signal such as {@code INT}. */
  void signal(String name) throws IOException, InterruptedException {
    int sent =
        new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
    if (sent != 0) {
      throw new AssertionError("No signal sent, the process says:\n" + text());
    }
  }

  /** Waits for its end. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("It does not end:\n" + text());
    }
    synchronized (lines) {
      while (!silent) {
        lines.wait();
      }
    }
    return process.exitValue();
  }

  /** Everything that it has printed. */
  String text() {
    synchronized (lines) {
      return String.join("\n", lines);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void read() {
    try (BufferedReader output = new BufferedReader(process.inputReader(StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        synchronized (lines) {
          lines.add(line);
          lines.notifyAll();
        }
      }
    } catch (IOException e) {
      // Who kills a process closes its output.
      synchronized (lines) {
        lines.add("(" + e.getMessage() + ")");
      }
    } finally {
      synchronized (lines) {
        silent = true;
        lines.notifyAll();
      }
    }
  }
}
