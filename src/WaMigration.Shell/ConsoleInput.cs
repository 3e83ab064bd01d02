using System.Collections.Concurrent;

namespace WaMigration.Shell;

/// <summary>
/// Reads the standard input so that a reader can be interrupted. The blocking read sits on a thread of its own and
/// reads only on request: what was read after an interruption goes to the next reader, and nothing is read ahead.
/// </summary>
internal sealed class ConsoleInput
{
    private readonly Requests<string?> _lines = new(() => Console.In.ReadLine());
    private readonly Requests<ConsoleKeyInfo> _keys = new(() => Console.ReadKey(intercept: true));

    /// <summary>The next line, without its end; null at the end of the input.</summary>
    /// <exception cref="OperationCanceledException">The reader was interrupted.</exception>
    public string? ReadLine(CancellationToken cancellation) => _lines.Next(cancellation);

    /// <summary>The next key, not echoed.</summary>
    /// <exception cref="OperationCanceledException">The reader was interrupted.</exception>
    public ConsoleKeyInfo ReadKey(CancellationToken cancellation) => _keys.Next(cancellation);

    private sealed class Requests<T>(Func<T> read)
    {
        private readonly BlockingCollection<bool> _wanted = [];
        private readonly BlockingCollection<Answer> _answers = [];
        private readonly Lock _gate = new();
        private Thread? _thread;
        private bool _pending;

        public T Next(CancellationToken cancellation)
        {
            lock (_gate)
            {
                if (_thread is null)
                {
                    _thread = new Thread(Serve) { IsBackground = true, Name = "standard input" };
                    _thread.Start();
                }

                if (!_pending)
                {
                    _pending = true;
                    _wanted.Add(true, CancellationToken.None);
                }
            }

            var answer = _answers.Take(cancellation);
            lock (_gate)
            {
                _pending = false;
            }

            return answer.Failure is null
                ? answer.Value!
                : throw new IOException(answer.Failure.Message, answer.Failure);
        }

        private void Serve()
        {
            foreach (var _ in _wanted.GetConsumingEnumerable())
            {
                _answers.Add(Read());
            }
        }

        private Answer Read()
        {
            try
            {
                return new Answer(read(), null);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or OutOfMemoryException)
            {
                return new Answer(default, e);
            }
        }

        private readonly record struct Answer(T? Value, Exception? Failure);
    }
}
