using Microsoft.Data.Sqlite;

namespace Nexus.Server.Platform.Storage.Sqlite;

/// <summary>
/// Makes the file anew and empties the journal. Overwriting what is deleted is not enough: when SQLite moves rows between pages it
/// leaves the bytes that were there, until something else needs the place.
/// </summary>
internal sealed class FilePurger(PreparedConnection writer, WalCheckpointer checkpointer)
{
    // Whether the file was made anew since the last purge that was no repeat.
    private bool _isVacuumed;

    /// <summary>
    /// Runs on the writer's thread. A reader that stays holds up the journal alone: the file is made anew once, or each try would lay
    /// another copy of it into a journal that cannot be emptied, and writers wait for such a reader no longer than short reads need.
    /// </summary>
    /// <param name="isRepeat">Whether nothing was deleted since the last try.</param>
    /// <returns>False where a reader still needs the journal.</returns>
    /// <exception cref="SqliteException">It failed. Nothing is lost.</exception>
    public bool Run(bool isRepeat)
    {
        _isVacuumed &= isRepeat;
        if (!_isVacuumed)
        {
            using var command = writer.CreateCommand();
            command.CommandText = "vacuum";
            command.ExecuteNonQuery();
            _isVacuumed = true;
        }

        return checkpointer.TryTruncate(DatabaseFile.BusyTimeout);
    }
}
