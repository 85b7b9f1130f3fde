// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QThreadPool>
#include <QTimer>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "app/session/autosave.h"
#include "app/session/dataset_store.h"
#include "app/session/event_work.h"
#include "app/session/inference_service.h"
#include "app/session/latent_cursor.h"
#include "app/session/measuring.h"
#include "app/session/training_session.h"
#include "models/io/model_file.h"
#include "models/types/run_state.h"

namespace zwei {

/// The test images whose codes are on the map.
struct MappedCodes {
    CodesPtr codes;
    CodesPtr flat;  ///< as they lie on the map: of size 2
    MapPlane plane;
    std::vector<std::uint8_t> labels;          ///< empty where unlabelled
    std::shared_ptr<const ImageBatch> images;  ///< null where the pixels are not on this machine
    QString dataset;
};

/// The model in force, for those who name it.
struct ModelInfo {
    QString name;             ///< of its file, or what it is
    bool isModified = false;  ///< there are weights that no file holds
    QString dataset;          ///< what it was trained on
    Recipe recipe;
    QString file;  ///< that it was read from or written to last; empty: none
};

/// What the window works on: one model, one data set, one cursor, at most one training run. It knows no view; the
/// window connects its signals to views and their wishes to its methods. GUI thread; nothing here waits.
class Session : public QObject {
    Q_OBJECT

public:
    /// Runs are kept in `autosaves`; empty: nowhere.
    explicit Session(std::vector<std::filesystem::path> dataFolders, const QString& autosaves = {},
                     QObject* parent = nullptr);
    ~Session() override;

    LatentCursor& cursor() { return m_cursor; }
    const Recipe& recipe() const { return m_recipe; }
    RunState state() const { return m_state; }
    const DatasetPtr& dataset() const { return m_data; }
    const ModelInfo& model() const { return m_info; }
    /// Another one for each model that was in force.
    int modelNumber() const { return m_modelNumber; }
    /// That a training under way shares with others.
    const std::shared_ptr<SharedProcessors>& processors() const { return m_processors; }
    /// Has the model learnt what no file holds?
    bool hasUnsaved() const {
        return m_info.isModified && m_model.weights && (m_model.weights->step > 0 || !m_history.empty());
    }
    /// And for more than a minute?
    bool hasMuchUnsaved() const { return hasUnsaved() && (!m_learning.isValid() || m_learning.hasExpired(60000)); }
    /// Null before there is a model.
    const WeightsPtr& weights() const { return m_model.weights; }
    const std::vector<EpochStatistics>& history() const { return m_history; }

    /// Shows the model that ships with the program, and loads the best data set of this machine.
    void begin(const QString& preferredDataset = {});

    /// The recipe of the next run; of a run under way only beta can change.
    void setRecipe(const Recipe& recipe);
    void setBeta(double beta);

    void selectDataset(const QString& name);
    /// Looks for data sets anew, and then selects this one; empty: selects none.
    void searchDatasets(const QString& thenSelect);
    /// A folder of data sets, or one with the IDX files of one, which is selected.
    void openDataFolder(const QString& folder);
    /// The folders that earlier sessions told by `dataFolderOpened`. Before `begin`.
    void openDataFoldersAgain(const QStringList& folders) { m_store.adoptAgain(folders); }
    /// The folder for data sets that are fetched.
    const std::filesystem::path& newDatasets() const { return m_newDatasets; }
    /// A folder of images as a data set; `cancelFolder` gives it up.
    void openFolder(const QString& folder);
    void cancelFolder() { m_store.cancel(); }
    void openModel(const QString& file);
    /// One of the models that ship with the program.
    void openTrainedModel(const QString& id);
    /// A run under way is saved with all that it needs to go on.
    void saveModel(const QString& file);

    /// What another process left behind, as the model in force.
    void openLeftRun(const LeftRun& run);
    /// Nobody wants what is not saved by now.
    void forgetUnsaved() { m_autosave.forget(); }

    // A run: `train` starts, resumes or goes on with what the model in force has learnt (see `canContinue`), `step`
    // does one batch, `reset` goes back to the initial weights.
    void train();
    void pause();
    void step();
    void reset();

    /// Would `train` go on where the model in force is? It does where the recipe asks for more epochs than were done,
    /// and is the same otherwise.
    bool canContinue() const;

    // What the views want to show.
    void setGrid(const GridRequest& request) { m_inference.setGrid(request); }
    void setAxes(const MapAxes& axes);
    const MapAxes& axes() const { return m_axes; }
    const MapPlane& plane() const { return m_plane; }
    /// Moves the cursor within the plane of the map.
    void moveOnMap(double x, double y);
    /// Of the cursor's point, where the model is given one.
    void setLabel(int label);
    void setJitter(double deviation) { m_inference.setJitter(deviation); }
    /// On the images that are reconstructed by a model of noisy ones.
    void setNoiseLevel(double level);
    void setReconstructionCount(int count);
    void drawOtherImages();
    /// One image of 28 x 28 at the head of those that are reconstructed, until other ones are drawn; of the label in
    /// force, where the model is given one.
    void reconstructOwn(const ImageBatch& image);
    /// So many digits that were never there, other ones each time.
    void dream(int count);
    /// The same points by newer weights.
    void dreamAgain() { m_inference.dream(m_dream); }

    // What takes a while, is measured aside, and ends with `figuresReady`, `propertiesReady` or `measuringEnded`.
    void measureFigures();
    void measureProperties();
    void cancelMeasuring() { m_measuring.cancel(); }
    bool isMeasuring() const { return m_measuring.isUnderWay(); }

Q_SIGNALS:
    void stateChanged(zwei::RunState state);
    void recipeChanged(const zwei::Recipe& recipe);
    void progressed(const zwei::TrainingProgress& progress);
    void historyChanged(const std::vector<zwei::EpochStatistics>& history);
    void modelChanged(const zwei::ModelInfo& model);
    void datasetsFound(const std::vector<zwei::DatasetLocation>& datasets);
    void datasetLoading(const QString& name);
    void dataFolderOpened(const QString& folder);
    void datasetChanged(const zwei::DatasetPtr& dataset);
    void runEnded(zwei::StopReason reason);
    void wasReset();
    /// The epochs done, where `canContinue`.
    void continuationChanged(std::optional<int> epochs);
    void runFound(const zwei::LeftRun& run);
    /// What is shown belongs to another model from now on: its pictures will come.
    void modelReplaced();
    /// The same model has learnt: what was measured of it is of older weights.
    void weightsChanged();
    /// One sentence on what went wrong.
    void failed(const QString& sentence);
    void saved(const QString& file);
    /// Of each file that was to be saved.
    void saveEnded(const QString& file, bool isSaved);
    void folderProgressed(int done, int total);
    void folderRead(const zwei::ImageFolder& folder);

    void figuresProgressed(double share);
    void figuresReady(const zwei::Figures& figures);
    void propertiesReady(const zwei::PropertiesSnapshot& properties);
    /// Nothing is being measured any more.
    void measuringEnded();

    void labelChanged(int label);
    /// Nothing: the images that are reconstructed have no noise on them.
    void noiseChanged(const std::optional<zwei::Noise>& noise);
    void planeChanged(const zwei::MapPlane& plane);
    void dreamReady(const std::shared_ptr<const zwei::DreamSnapshot>& dream);
    void pointReady(const std::shared_ptr<const zwei::PointSnapshot>& point);
    void gridReady(const std::shared_ptr<const zwei::GridSnapshot>& grid);
    void reconstructionsReady(const std::shared_ptr<const zwei::ReconstructionSnapshot>& reconstructions);
    void codesReady(const zwei::MappedCodes& codes);

private:
    void connectTraining();
    void connectInference();
    void setState(RunState state);
    void loadDataset(const QString& name);
    void loseDataset(const QString& name, const QString& sentence);
    void setDataset(const DatasetPtr& dataset);
    bool mayOpen();
    void open(const std::function<Result<Model>()>& load, const QString& name, const QString& file = {});
    void adoptModel(const Result<Model>& model, const QString& name, const QString& file = {});
    void startRun(int steps);
    void beginModel(const WeightsPtr& weights);
    void takeWeights(const WeightsPtr& weights);
    void takeState(const TrainingStatePtr& state);
    void tellContinuation();
    void writeModel(const QString& file);
    void savePending();
    void endRun(const TrainingOutcome& outcome);
    void showModel(DatasetPtr mapped);
    void refreshLater(double cost);
    void deliverCodes(const MapOfCodes& map);
    void setPlane(const MapPlane& plane);
    void requestReconstructions();
    void applyNoise();
    DatasetPtr measuredDataset();
    TrainingJob job() const;

    QThreadPool m_pool;
    QThreadPool m_writing;  // one file after the other, so that the last one stays
    LatentCursor m_cursor;
    std::filesystem::path m_newDatasets;
    DatasetStore m_store;
    Autosave m_autosave;
    QTimer m_autosaveTimer;
    std::shared_ptr<SharedProcessors> m_processors = std::make_shared<SharedProcessors>();
    TrainingSession m_training;
    InferenceService m_inference;
    EventWork m_eventWork;
    Measuring m_measuring;
    QTimer m_refreshTimer;
    QElapsedTimer m_sincePicture;

    RunState m_state = RunState::Idle;
    Recipe m_recipe;  // of the next run, and of the one under way
    DatasetPtr m_data;
    DatasetPtr m_mapped;  // whose test images are on the map; null: the codes that came with the model
    bool m_isLoading = false;
    std::optional<int> m_wishedSteps;  // of a run that was asked for before there was data
    bool m_datasetWasChosen = false;   // by the person, not by the start
    QString m_selectWhenFound;

    Model m_model;  // in force
    ModelInfo m_info;
    std::vector<EpochStatistics> m_history;
    int m_modelNumber = 0;     // counts the models that have been in force
    QStringList m_saveTo;      // files that wait for the state of the run
    TrainingJob m_job;         // started or reset last
    QElapsedTimer m_learning;  // since the first weights of the model; not valid for one that came from a file
    bool m_isFresh = false;    // the next weights are the first ones of that job

    int m_label = 0;
    MapAxes m_axes;
    MapPlane m_plane = MapPlane::ofDimensions(2, 0, 1);
    std::optional<double> m_noiseLevel;
    DreamRequest m_dream;
    std::map<QString, DatasetPtr> m_folders;  // of images, as data sets: those that have been read
    std::vector<DatasetLocation> m_datasets;

    DatasetPtr m_shownImages;  // those of m_data, and a person's own behind them; null: there are none of these
    std::vector<int> m_reconstructions;
    int m_reconstructionCount = 12;
    std::minstd_rand m_random;
};

}  // namespace zwei
