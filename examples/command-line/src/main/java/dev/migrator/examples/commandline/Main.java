package dev.migrator.examples.commandline;

import dev.migrator.examples.terminal.Exit;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import picocli.CommandLine;

/** The program {@code migrator}: see {@link Commands}. */
public final class Main {

  private static final Duration LOOK = Duration.ofSeconds(2);

  private Main() {}

  /**
   * Runs one command and ends the process with its exit code.
   *
   * @param args the command and what it needs
   */
  public static void main(String[] args) {
    System.exit(run(System.out, LOOK, args));
  }

  static int run(PrintStream out, Duration look, String... args) {
    PrintWriter writer = new PrintWriter(out, true, StandardCharsets.UTF_8);
    return new CommandLine(new Commands(out, look))
        .setOut(writer)
        .setErr(writer)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((e, command, parsed) -> explain(e, out))
        .execute(args);
  }

  /** What people can do something about is one line; anything else is a bug and shows its trace. */
  private static int explain(Exception e, PrintStream out) throws Exception {
    if (e instanceof PlanFileException) {
      out.println(e.getMessage());
      return Exit.USAGE.code();
    }
    if (e instanceof MigrationException || e instanceof KubernetesClientException) {
      out.println(e.getMessage());
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        out.println("    because: " + cause.getMessage());
      }
      return Exit.NOT_DONE.code();
    }
    throw e;
  }
}
